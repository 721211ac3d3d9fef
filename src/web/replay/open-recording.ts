import { hearAgain } from './hear-again.ts';
import type { RecordedServer, RecordingFile } from './recording-file.ts';
import { type FileToRead, readRecording } from './read-recording.ts';
import { openingStore, type CapsuleName, type OpenedRecording, type Opening } from './replay-store.ts';
import { createPacer, type Pacer } from './slices.ts';

/**
 * Reads a file and hears the first server in it.
 * @throws RecordingProblem when it cannot be replayed; what is replayed stays then
 */
export async function openRecording(
  file: FileToRead,
  capsule: CapsuleName | null,
  stop: AbortController,
): Promise<OpenedRecording> {
  const read = await readRecording(file, pacerOf(file.name, 'Reading', stop));
  const [first] = read.servers();
  if (first === undefined) throw new Error('a file with samples has a server');
  return hearServer(read, { server: first, capsule, stop });
}

/** Hears another server of a file that was read. @throws RecordingProblem when it cannot be heard */
export async function hearServer(
  file: RecordingFile,
  of: { readonly server: RecordedServer; readonly capsule: CapsuleName | null; readonly stop: AbortController },
): Promise<OpenedRecording> {
  const hearing = await hearAgain(of.server, file.endSeconds, pacerOf(file.name, 'Hearing', of.stop));
  of.stop.signal.throwIfAborted();
  return { file, hearing, capsule: of.capsule, isPartial: false };
}

function pacerOf(name: string, doing: Opening['doing'], stop: AbortController): Pacer {
  return createPacer({
    now: () => performance.now(),
    turn: () => new Promise((resolve) => void setTimeout(resolve, 0)),
    onShare: (share) => openingStore.set({ name, doing, share, cancel: () => stop.abort() }),
    signal: stop.signal,
  });
}
