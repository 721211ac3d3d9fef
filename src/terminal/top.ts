import { setTimeout as delay } from 'node:timers/promises';
import type { DatacenterHealth } from '../core/verdict.ts';
import { systemSeconds } from '../io/clock.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { fetchChaos } from './fetch-chaos.ts';
import { fetchHealth } from './fetch-health.ts';
import { renderHealth } from './health-table.ts';
import { timeText } from './number-text.ts';
import { startScreen } from './screen.ts';
import { terminalSize } from './terminal-stream.ts';
import type { TerminalSize, TerminalStream } from './terminal-stream.ts';

export interface TopOptions {
  /** Of the datacenter's API. */
  readonly url: string;
  /** From one fetch to the next. */
  readonly intervalMs: number;
  /** What the datacenter wants to be shown, if it was started with a token. */
  readonly token?: string | null;
  readonly stdout: TerminalStream;
  readonly color: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** From a failure to the next try; doubles with each further failure, up to 16 s. */
  readonly retryMs?: number;
}

/** What is known of the datacenter, and how it is with it now. */
interface Known {
  tree: DatacenterHealth | null;
  /** Active when last heard of. */
  injections: readonly ChaosNotice[];
  /** Local time of the tree, Unix seconds. */
  fetchedSeconds: number;
  /** Why the last try failed; null while all is well. */
  problem: string | null;
  /** Local time of the next try, Unix seconds. */
  nextTrySeconds: number;
}

const DEFAULT_TIMEOUT_MS = 3000;
const DEFAULT_RETRY_MS = 2000;
const LAST_RETRY_MS = 16_000;
const REDRAW_MS = 1000;

/**
 * Shows a datacenter live until `signal` is aborted. When the controller goes away it shows what was known, says so,
 * and tries again. Where standard output is not a terminal it prints one frame and returns.
 * @throws FetchHealthError only in that case; a live table shows it instead
 */
export async function runTop(options: TopOptions): Promise<void> {
  if (options.stdout.isTTY !== true) return printOnce(options);
  const known: Known = { tree: null, injections: [], fetchedSeconds: 0, problem: null, nextTrySeconds: 0 };
  const screen = startScreen({
    stream: options.stdout,
    render: (size) => renderKnown(known, { ...size, color: options.color, url: options.url }),
  });
  try {
    await watch(options, known, () => screen.refresh());
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    await screen.close();
  }
}

async function printOnce(top: TopOptions): Promise<void> {
  const { url, stdout, color, signal, token = null, timeoutMs = DEFAULT_TIMEOUT_MS } = top;
  const [tree, injections] = await Promise.all([
    fetchHealth(url, { timeoutMs, signal, token }),
    fetchChaos(url, { timeoutMs, signal, token }),
  ]);
  const options = { ...terminalSize(stdout), color, now: tree.timestamp, injections: injections ?? [] };
  stdout.write(`${renderHealth(tree, options).join('\n')}\n`);
}

/** Fetches and draws until the signal is aborted, and then throws. */
async function watch(options: TopOptions, known: Known, refresh: () => void): Promise<never> {
  const { intervalMs, signal, retryMs: firstRetryMs = DEFAULT_RETRY_MS } = options;
  let retryMs = firstRetryMs;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one fetch after the other
    await fetchInto(known, options);
    const waitMs = known.problem === null ? intervalMs : retryMs;
    retryMs = known.problem === null ? firstRetryMs : Math.min(LAST_RETRY_MS, retryMs * 2);
    known.nextTrySeconds = systemSeconds() + waitMs / 1000;
    refresh();
    // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
    await pause({ waitMs, refresh, signal });
  }
}

async function fetchInto(known: Known, top: TopOptions): Promise<void> {
  const { url, signal, token = null, timeoutMs = DEFAULT_TIMEOUT_MS } = top;
  try {
    const options = { timeoutMs, signal, token };
    const [tree, injections] = await Promise.all([fetchHealth(url, options), fetchChaos(url, options)]);
    known.tree = tree;
    known.injections = injections ?? known.injections;
    known.fetchedSeconds = systemSeconds();
    known.problem = null;
  } catch (error) {
    signal.throwIfAborted();
    known.problem = error instanceof Error ? error.message : String(error);
  }
}

/** Waits, and draws every second so that ages and countdowns move. */
async function pause(wait: { waitMs: number; refresh: () => void; signal: AbortSignal }): Promise<void> {
  const { waitMs, refresh, signal } = wait;
  for (let leftMs = waitMs; leftMs > 0; leftMs -= REDRAW_MS) {
    if (leftMs < waitMs) refresh();
    // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
    await delay(Math.min(leftMs, REDRAW_MS), undefined, { signal });
  }
}

function renderKnown(known: Known, view: TerminalSize & { readonly color: boolean; readonly url: string }): string[] {
  const { tree, injections, fetchedSeconds, problem, nextTrySeconds } = known;
  const nextTry = `next try in ${Math.max(0, Math.round(nextTrySeconds - systemSeconds()))} s`;
  if (tree === null) {
    const text = problem === null ? [`Asking ${view.url} …`] : [...wrap(problem, view.columns), '', nextTry];
    return text.slice(0, view.rows);
  }
  // The clock of the tree may differ from this one; what has passed since it came does not.
  const now = tree.timestamp + (systemSeconds() - fetchedSeconds);
  const lost = `controller lost, showing what was known at ${timeText(fetchedSeconds)}, ${nextTry}`;
  return renderHealth(tree, { ...view, now, injections, ...(problem === null ? {} : { notice: lost }) });
}

/** The words of a sentence in lines of at most `columns`; a longer word is cut. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= columns) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = word.slice(0, columns);
    }
  }
  return [...lines, line];
}
