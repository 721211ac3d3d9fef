import type { DatacenterHealth } from '../core/verdict.ts';
import { systemSeconds } from '../io/clock.ts';
import { pause } from '../io/pause.ts';
import { fetchChaos } from '../terminal/fetch-chaos.ts';
import { fetchHealth, FetchHealthError } from '../terminal/fetch-health.ts';
import { NOTHING_KNOWN, type KnownHealth } from './lab-view.ts';

export interface WatchOptions {
  /** Of the datacenter's API. */
  readonly url: string;
  /** Infinity: until `signal` aborts. */
  readonly durationSeconds: number;
  readonly signal: AbortSignal;
  readonly onHealth: (health: KnownHealth) => void;
}

const INTERVAL_MS = 1000;
const TIMEOUT_MS = 2000;
const FINAL_TIMEOUT_MS = 400;
/** A tree that is older than this says nothing of the end. */
const MAX_FINAL_AGE_SECONDS = 3;

/**
 * Asks for the health once a second until the duration is over or the signal aborts.
 * @returns what is known in the end
 */
export async function watchHealth({ url, durationSeconds, signal, onHealth }: WatchOptions): Promise<KnownHealth> {
  const endMs = performance.now() + durationSeconds * 1000;
  const isOver = (): boolean => signal.aborted || performance.now() >= endMs;
  let known = NOTHING_KNOWN;
  for (let nextMs = performance.now(); !isOver(); nextMs = Math.max(nextMs + INTERVAL_MS, performance.now())) {
    // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
    await pause(nextMs - performance.now(), signal);
    const timeoutMs = Math.min(TIMEOUT_MS, Math.max(1, Math.ceil(endMs - performance.now())));
    // oxlint-disable-next-line no-await-in-loop -- one fetch after the other
    const fetched = signal.aborted ? null : await tryFetch(url, { timeoutMs, signal });
    // A fetch that the end cut short says nothing of the datacenter.
    if (fetched === null && isOver()) break;
    known = fetched === null ? { ...known, isLost: true } : { ...known, ...fetched, isLost: false };
    onHealth(known);
  }
  return known;
}

/**
 * The tree as it is now. A Ctrl-C reaches the datacenter too, and so it may be gone already: then what it said last.
 * @throws FetchHealthError when it does not answer, and has not for a while
 */
export async function finalTree(url: string, known: KnownHealth): Promise<DatacenterHealth> {
  try {
    return await fetchHealth(url, { timeoutMs: FINAL_TIMEOUT_MS });
  } catch (error) {
    const isRecent = systemSeconds() - known.fetchedSeconds <= MAX_FINAL_AGE_SECONDS;
    if (known.tree !== null && isRecent) return known.tree;
    throw error;
  }
}

/** What is new; without the injections where only the health is to be had. */
async function tryFetch(
  url: string,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Partial<KnownHealth> | null> {
  try {
    const [tree, injections] = await Promise.all([fetchHealth(url, options), fetchChaos(url, options)]);
    return { tree, fetchedSeconds: systemSeconds(), ...(injections === null ? {} : { injections }) };
  } catch (error) {
    if (error instanceof FetchHealthError || options.signal.aborted) return null;
    throw error;
  }
}
