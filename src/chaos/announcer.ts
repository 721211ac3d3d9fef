import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { connectionErrorCode } from '../io/error-text.ts';
import { readResponseBody } from '../io/response-body.ts';
import { printable, truncate } from '../terminal/display-width.ts';
import type { ChaosEnd } from '../wire/chaos-end.ts';
import { MAX_NOTICE_RACKS, MAX_NOTICE_SERVERS_PER_RACK } from '../wire/chaos-notice-schema.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { parseJson } from '../wire/json-text.ts';

export interface AnnouncerOptions {
  /** Of the datacenter, such as `http://127.0.0.1:8080`. */
  readonly apiUrl: string;
  /** Null: there is none, and nothing is announced. */
  readonly token: string | null;
  /** Of one try. */
  readonly timeoutMs?: number;
  /** From the first try to the second. */
  readonly retryMs?: number;
}

/** Tells a datacenter of injections. Each method gives null, or in words why the datacenter did not take it; none throws. */
export interface Announcer {
  /** Also of what is active already, to change what is said of it. */
  begin(notice: ChaosNotice): Promise<string | null>;
  /** Also of what the datacenter itself has ended. */
  end(end: ChaosEnd): Promise<string | null>;
}

/** What became of a try. */
type Answer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly why: string }
  /** A second try may do better. */
  | { readonly kind: 'unanswered'; readonly why: string };

const DEFAULT_TIMEOUT_MS = 2000;
const DEFAULT_RETRY_MS = 250;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_DETAIL_COLUMNS = 200;

const AcceptedSchema = v.object({ id: v.string(), active: v.boolean() });
const ProblemSchema = v.object({ detail: v.string() });

/** Announces to the API of one datacenter. What it says is idempotent, and so a try that failed is made once more. */
export function createAnnouncer(options: AnnouncerOptions): Announcer {
  return {
    begin: (notice) => announce(options, 'begin', fitting(notice)),
    end: (end) => announce(options, 'end', end),
  };
}

/** No more servers than a datacenter takes: an injection of more is rather told of in part than not at all. */
function fitting(notice: ChaosNotice): ChaosNotice {
  return {
    ...notice,
    servers: notice.servers
      .slice(0, MAX_NOTICE_RACKS)
      .map(({ rack_id, server_ids: ids }) => ({ rack_id, server_ids: ids.slice(0, MAX_NOTICE_SERVERS_PER_RACK) })),
  };
}

async function announce(
  { apiUrl, token, timeoutMs = DEFAULT_TIMEOUT_MS, retryMs = DEFAULT_RETRY_MS }: AnnouncerOptions,
  path: 'begin' | 'end',
  body: ChaosNotice | ChaosEnd,
): Promise<string | null> {
  const base = URL.parse(apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`);
  if (base === null) return `"${apiUrl}" is not the URL of a datacenter controller`;
  if (token === null) {
    return `no token was given for ${apiUrl}; give the one it was started with, with --control-token-file`;
  }
  const request = { address: new URL(`api/v1/chaos/${path}`, base).href, apiUrl, token, body, timeoutMs };
  let answer = await ask(request);
  if (answer.kind === 'unanswered') {
    await delay(retryMs);
    answer = await ask(request);
  }
  return answer.kind === 'taken' ? null : answer.why;
}

async function ask(request: {
  readonly address: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly body: ChaosNotice | ChaosEnd;
  readonly timeoutMs: number;
}): Promise<Answer> {
  const { address, apiUrl, token, body, timeoutMs } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      // A token is for this datacenter only, whatever it answers.
      redirect: 'manual',
      signal,
    });
    const said = parseJson((await readResponseBody(response, MAX_ANSWER_BYTES)) ?? '');
    return response.ok ? acceptance(said, body.id, apiUrl) : refusal(response.status, said, apiUrl);
  } catch (error) {
    // Only the code: a message might quote the token.
    const why = signal.aborted
      ? `does not answer within ${timeoutMs / 1000} s`
      : `does not answer (${connectionErrorCode(error) ?? 'no connection'})`;
    return { kind: 'unanswered', why: `the datacenter controller at ${apiUrl} ${why}` };
  }
}

function acceptance(said: unknown, id: string, apiUrl: string): Answer {
  const parsed = v.safeParse(AcceptedSchema, said);
  if (parsed.success && parsed.output.id === id) return { kind: 'taken' };
  return { kind: 'refused', why: `what answers at ${apiUrl} is not a NetWatch datacenter controller of this release` };
}

function refusal(status: number, said: unknown, apiUrl: string): Answer {
  const who = `the datacenter controller at ${apiUrl}`;
  if (status === 401) {
    return { kind: 'refused', why: `${who} does not know this token; give the one of its --control-token-file` };
  }
  if (status === 403) {
    return { kind: 'refused', why: `${who} takes no announcements; start it with --control-token-file to allow them` };
  }
  if (status === 404 || status === 405) {
    return { kind: 'refused', why: `${who} is of an older release that takes no announcements, or is none` };
  }
  const parsed = v.safeParse(ProblemSchema, said);
  const detail = parsed.success ? truncate(printable(parsed.output.detail), MAX_DETAIL_COLUMNS) : '';
  const why = `${who} answers with HTTP status ${status}${detail === '' ? '' : `: ${detail}`}`;
  return { kind: status >= 500 ? 'unanswered' : 'refused', why };
}
