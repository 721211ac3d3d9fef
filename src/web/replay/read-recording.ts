import { LineCutter } from './line-cutter.ts';
import { RecordingFile, SPLIT } from './recording-file.ts';
import { RecordingProblem } from './recording-problem.ts';
import type { Pacer } from './slices.ts';

const MEBIBYTE = 2 ** 20;
/** Largest file that is read. */
export const MAX_FILE_BYTES: number = 64 * MEBIBYTE;
/** A sample takes some 150 characters. */
const MAX_LINE_CHARACTERS = 64 * 1024;
/** So many lines are read before the page may do something else. */
const LINES_A_TURN = 500;

/** A file as the browser gives it. */
export interface FileToRead {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

/**
 * Reads a file of received samples line by line. Lines that are none are counted, and the first of them is remembered.
 * @param pacer told how far it has come, 0 to 1
 * @throws RecordingProblem when the file is too large, or nothing in it is a sample
 */
export async function readRecording(file: FileToRead, pacer: Pacer): Promise<RecordingFile> {
  const { name, size } = file;
  if (size > MAX_FILE_BYTES) {
    const most = MAX_FILE_BYTES / MEBIBYTE;
    throw new RecordingProblem(`${name} has ${Math.ceil(size / MEBIBYTE)} MiB; at most ${most} MiB are read. ${SPLIT}`);
  }
  const read = new RecordingFile(name);
  await eachLine(file, pacer, (line) => read.take(line));
  if (read.samples === 0) throw new RecordingProblem(nothingIn(read, size));
  return read;
}

async function eachLine(file: FileToRead, pacer: Pacer, take: (line: string | null) => void): Promise<void> {
  const cutter = new LineCutter(MAX_LINE_CHARACTERS);
  const decoder = new TextDecoder();
  const reader = file.stream().getReader();
  let bytes = 0;
  const takeAll = async (lines: readonly (string | null)[]): Promise<void> => {
    for (const [at, line] of lines.entries()) {
      take(line);
      // oxlint-disable-next-line no-await-in-loop -- one line after the other, and the page in between
      if (at % LINES_A_TURN === 0) await pacer.pause(bytes / file.size);
    }
  };
  try {
    for (;;) {
      // oxlint-disable no-await-in-loop -- a stream is read in order
      const { done, value } = await reader.read();
      if (done) break;
      await takeAll(cutter.push(decoder.decode(value, { stream: true })));
      bytes += value.length;
      // oxlint-enable no-await-in-loop
    }
    await takeAll([...cutter.push(decoder.decode()), ...cutter.end()]);
  } finally {
    // Whatever ended it, the file is let go; that it cannot be is nobody's concern.
    await reader.cancel().catch(() => undefined);
  }
}

function nothingIn({ name, broken, firstBroken, hasHead }: RecordingFile, size: number): string {
  if (size === 0 || firstBroken === null) {
    const what = hasHead ? 'has the head of an incident, but no sample' : 'is empty';
    return `${name} ${what}: nothing can be replayed.`;
  }
  const lines = broken === 1 ? 'its one line' : `any of its ${broken} lines`;
  const first = `line ${firstBroken.line}: ${firstBroken.problem}`;
  return `${name} is no recording: there is no sample in ${lines} (${first}). An incident capsule is NDJSON, as “Download” gives it.`;
}
