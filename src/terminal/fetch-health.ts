import * as v from 'valibot';
import type { DatacenterHealth } from '../core/verdict.ts';
import { connectionErrorText } from '../io/error-text.ts';
import { readResponseBody } from '../io/response-body.ts';
import { apiHeaders } from './api-headers.ts';
import { DatacenterHealthSchema } from '../wire/health-schema.ts';

/** Why the health could not be fetched, in words for the operator: the URL, what happened and what to do. */
export class FetchHealthError extends Error {
  override readonly name = 'FetchHealthError';
}

export interface FetchHealthOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** What the datacenter wants to be shown, if it was started with a token. */
  readonly token?: string | null;
}

const PATH = 'api/v1/health';
// Some 60 000 servers; what is longer is not a health tree.
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Fetches the whole tree of a datacenter.
 * @param url of the datacenter's API, such as `http://127.0.0.1:8080`
 * @throws FetchHealthError for whatever goes wrong; the reason of `signal` when that is aborted
 */
export async function fetchHealth(
  url: string,
  { timeoutMs, signal, token = null }: FetchHealthOptions,
): Promise<DatacenterHealth> {
  const address = healthAddress(url);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, {
      headers: apiHeaders(token),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const body = await readResponseBody(response, MAX_BYTES);
    if (body === null) throw new FetchHealthError(notATree(address, `more than ${MAX_BYTES} bytes`));
    if (!response.ok) throw new FetchHealthError(statusText(address, response.status, token !== null));
    return parseHealth(body, address);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof FetchHealthError) throw error;
    if (timeout.aborted) {
      const text = `${address} did not answer within ${timeoutMs / 1000} s. Is the datacenter controller overloaded, or the way to it cut?`;
      throw new FetchHealthError(text, { cause: error });
    }
    const text = `No datacenter controller answers at ${address} (${connectionErrorText(error)}). Start one, or give the URL of one that runs with --url.`;
    throw new FetchHealthError(text, { cause: error });
  }
}

function healthAddress(url: string): string {
  const base = URL.parse(url.endsWith('/') ? url : `${url}/`);
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    throw new FetchHealthError(
      `"${url}" is not the URL of a datacenter controller; give one such as http://127.0.0.1:8080.`,
    );
  }
  return new URL(PATH, base).href;
}

function parseHealth(body: string, address: string): DatacenterHealth {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new FetchHealthError(notATree(address, 'not JSON'), { cause: error });
  }
  const parsed = v.safeParse(DatacenterHealthSchema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw new FetchHealthError(notATree(address, path === null ? issue.message : `${path}: ${issue.message}`));
}

function notATree(address: string, why: string): string {
  return `What ${address} answers is not the health of a datacenter (${why}). Does the URL belong to a NetWatch datacenter controller of this release?`;
}

function statusText(address: string, status: number, hasToken: boolean): string {
  const stranger = hasToken
    ? ' The token is not the one it was started with (--api-token-file).'
    : ' It wants a token: give the file that has it with --token-file.';
  const hints: Readonly<Record<number, string>> = {
    401: stranger,
    404: ' Does the URL belong to a NetWatch datacenter controller?',
  };
  return `${address} answers with HTTP status ${status}.${hints[status] ?? ''}`;
}
