import * as v from 'valibot';
import { apiHeaders } from './api-headers.ts';
import { readResponseBody } from '../io/response-body.ts';
import { FiniteSchema, IdSchema } from '../wire/bounded-schemas.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { parseJson } from '../wire/json-text.ts';

export interface FetchChaosOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** What the datacenter wants to be shown, if it was started with a token. */
  readonly token?: string | null;
}

const PATH = 'api/v1/chaos';
/** 64 injections of 16 384 servers each. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_TEXT = 1024;

const TextSchema = v.pipe(v.string(), v.maxLength(MAX_TEXT));

// What a later release may say in addition is no reason to show nothing.
const ActiveSchema: v.GenericSchema<unknown, { readonly injections: readonly ChaosNotice[] }> = v.object({
  injections: v.array(
    v.object({
      id: TextSchema,
      target: TextSchema,
      scope: TextSchema,
      kinds: v.array(TextSchema),
      description: TextSchema,
      servers: v.array(v.object({ rack_id: IdSchema, server_ids: v.array(IdSchema) })),
      began_at: FiniteSchema,
      until: v.nullable(FiniteSchema),
    }),
  ),
});

/**
 * Fetches the injections that are active, oldest first. A datacenter of a release that knows no chaos has none.
 * @param url of the datacenter's API, such as `http://127.0.0.1:8080`
 * @returns null when they are not to be had; the health says whether the datacenter is there at all
 * @throws the reason of `signal` when that is aborted
 */
export async function fetchChaos(
  url: string,
  { timeoutMs, signal, token = null }: FetchChaosOptions,
): Promise<readonly ChaosNotice[] | null> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(new URL(PATH, url.endsWith('/') ? url : `${url}/`), {
      headers: apiHeaders(token),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const body = await readResponseBody(response, MAX_BYTES);
    if (response.status === 404) return [];
    const parsed = v.safeParse(ActiveSchema, parseJson(body ?? ''));
    return response.ok && parsed.success ? parsed.output.injections : null;
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}
