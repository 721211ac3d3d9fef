import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { connectionErrorCode } from '../io/error-text.ts';
import type { ChaosEnd } from '../wire/chaos-end.ts';
import { MAX_NOTICE_RACKS, MAX_NOTICE_SERVERS_PER_RACK } from '../wire/chaos-notice-schema.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { askControl, statusText, type ControlAnswer } from './control-request.ts';

export interface AnnouncerOptions {
  /** Of the datacenter, such as `http://127.0.0.1:8080`. */
  readonly apiUrl: string;
  /** Null: there is none, and nothing is announced. */
  readonly token: string | null;
  /** Why there is no token, and what to do; null or left out: none was given. */
  readonly untoldReason?: string | null;
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

const AcceptedSchema = v.object({ id: v.string(), active: v.boolean() });

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
  { apiUrl, token, untoldReason = null, timeoutMs = DEFAULT_TIMEOUT_MS, retryMs = DEFAULT_RETRY_MS }: AnnouncerOptions,
  path: 'begin' | 'end',
  body: ChaosNotice | ChaosEnd,
): Promise<string | null> {
  const base = URL.parse(apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`);
  if (base === null) return `"${apiUrl}" is not the URL of a datacenter controller`;
  if (token === null) {
    const advice = 'give the one it was started with, with --control-token-file';
    return untoldReason ?? `no token was given for ${apiUrl}; ${advice}`;
  }
  const parts = { address: new URL(`api/v1/chaos/${path}`, base).href, apiUrl, token, body, timeoutMs };
  let answer = await ask(parts);
  if (answer.kind === 'unanswered') {
    await delay(retryMs);
    answer = await ask(parts);
  }
  return answer.kind === 'taken' ? null : answer.why;
}

async function ask(parts: {
  readonly address: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly body: ChaosNotice | ChaosEnd;
  readonly timeoutMs: number;
}): Promise<Answer> {
  const { address, apiUrl, token, body, timeoutMs } = parts;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const request = { method: 'POST', url: address, body: JSON.stringify(body) } as const;
    const answer = await askControl(request, { token, maxAnswerBytes: MAX_ANSWER_BYTES, signal });
    return answer.isOk ? acceptance(answer.value, body.id, apiUrl) : refusal(answer, apiUrl);
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

function refusal(answer: ControlAnswer, apiUrl: string): Answer {
  const { status } = answer;
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
  return { kind: status >= 500 ? 'unanswered' : 'refused', why: `${who} answers with ${statusText(answer)}` };
}
