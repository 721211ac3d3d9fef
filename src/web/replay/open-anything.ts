import { api, ApiProblem } from '../store/api.ts';
import { controllerNow } from '../store/session.ts';
import { navigate } from '../store/navigation.ts';
import type { FileToRead } from './read-recording.ts';
import {
  openedStore,
  openingProblemStore,
  openingStore,
  type CapsuleName,
  type OpenedRecording,
} from './replay-store.ts';
import type { RecordedServer } from './recording-file.ts';

/** What hears recordings is as large as the rest of the page: it is loaded when it is wanted, or the page has nothing else to do. */
export const loadOpener = () => loaded(import('./open-recording.ts'));
export const loadReplayView = () => loaded(import('./replay-view.tsx'));

/** For how long racks go on after they found a fault, unless told otherwise; and what it takes until all can be had. */
const USUAL_SPAN_SECONDS = 60;
const RECENT_SECONDS = 10;

/** So long after the page, when nothing else waits: a recording is replayed also when the controller is gone then. */
const LOAD_AHEAD_MS = 2000;

/** Loads what replays, so that it is there when the controller no longer is. */
export function loadReplayAhead(): void {
  setTimeout(() => {
    // Whoever wants it later is told when it still cannot be had.
    Promise.all([loadOpener(), loadReplayView()]).catch(() => undefined);
  }, LOAD_AHEAD_MS);
}

/** Replays a file of this machine. It is read here and sent nowhere. */
export async function openFile(file: FileToRead): Promise<void> {
  await open(file.name, async (stop) => {
    const { openRecording } = await loadOpener();
    const opened = await openRecording(file, null, stop);
    // First: a moment of another recording is in the address no more when this is shown.
    navigate({ kind: 'replay' });
    openedStore.set(opened);
  });
}

/** Replays a capsule that the controller has. */
export async function openCapsule(capsule: CapsuleName): Promise<void> {
  const { rackId, incidentId } = capsule;
  const name = `${incidentId}.ndjson`;
  await open(name, async (stop) => {
    const [{ openRecording }, blob] = await Promise.all([
      loadOpener(),
      api.blob(capsulePath(rackId, incidentId), stop.signal),
    ]);
    const file = { name, size: blob.size, stream: () => blob.stream() };
    const opened = await openRecording(file, capsule, stop);
    openedStore.set({ ...opened, isPartial: isRecent(opened) });
  });
}

/** Whether a capsule may have been written to until a moment ago. */
function isRecent({ file, hearing }: OpenedRecording): boolean {
  const detected = hearing.server.incident?.detected ?? -Infinity;
  return Math.max(file.endSeconds, detected + USUAL_SPAN_SECONDS) > controllerNow() - RECENT_SECONDS;
}

/** Hears another server of what is replayed. */
export async function chooseServer({ file, capsule }: OpenedRecording, server: RecordedServer): Promise<void> {
  await open(file.name, async (stop) => {
    const { hearServer } = await loadOpener();
    openedStore.set(await hearServer(file, { server, capsule, stop }));
  });
}

/** Where the API has a capsule. */
export function capsulePath(rackId: number, incidentId: string): string {
  return `/api/v1/incidents/${rackId}/${encodeURIComponent(incidentId)}`;
}

let current: AbortController | null = null;

/** One at a time: what is wanted later ends what was wanted before. */
async function open(name: string, work: (stop: AbortController) => Promise<void>): Promise<void> {
  current?.abort();
  const stop = new AbortController();
  current = stop;
  openingProblemStore.set(null);
  openingStore.set({ name, doing: 'Fetching', share: null, cancel: () => stop.abort() });
  try {
    await work(stop);
  } catch (error) {
    if (!stop.signal.aborted) openingProblemStore.set(problemWords(name, error));
  } finally {
    if (current === stop) openingStore.set(null);
  }
}

function problemWords(name: string, error: unknown): string {
  if (error instanceof ApiProblem) return `${name} cannot be fetched: ${error.detail}`;
  // Of the part that is loaded later no class is known here; its name is.
  if (error instanceof Error && error.name === 'RecordingProblem') return error.message;
  return `${name} cannot be replayed: ${errorWords(error)}`;
}

/** What went wrong, as the browser says it. */
export function errorWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function loaded<T>(part: Promise<T>): Promise<T> {
  return part.catch(() => {
    throw new Error('the part of this page that replays could not be loaded, since the controller does not answer.');
  });
}
