import type { Writable } from 'node:stream';
import { fetchChaos } from './fetch-chaos.ts';
import { FetchHealthError, fetchHealth } from './fetch-health.ts';
import { renderHealth } from './health-table.ts';
import { terminalSize } from './terminal-stream.ts';
import type { TerminalStream } from './terminal-stream.ts';

export interface StatusOptions {
  /** Of the datacenter's API. */
  readonly url: string;
  /** The tree as JSON instead of a table. */
  readonly json: boolean;
  /** What the datacenter wants to be shown, if it was started with a token. */
  readonly token?: string | null;
  readonly stdout: TerminalStream;
  readonly stderr: Pick<Writable, 'write'>;
  readonly color: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 5000;

/**
 * Prints the state of a datacenter once.
 * @returns the exit code: 0 when it was fetched, whatever it says; 1 when it was not, with the reason on stderr
 */
export async function runStatus(options: StatusOptions): Promise<number> {
  const { url, json, stdout, stderr, color, timeoutMs = DEFAULT_TIMEOUT_MS, signal, token = null } = options;
  try {
    const limits = { timeoutMs, token, ...(signal === undefined ? {} : { signal }) };
    const [tree, injections] = await Promise.all([fetchHealth(url, limits), json ? null : fetchChaos(url, limits)]);
    const { columns } = terminalSize(stdout);
    const view = { columns, rows: Infinity, color, now: tree.timestamp, injections: injections ?? [] };
    stdout.write(`${json ? JSON.stringify(tree, null, 2) : renderHealth(tree, view).join('\n')}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof FetchHealthError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}
