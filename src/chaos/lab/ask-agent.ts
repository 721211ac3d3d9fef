import * as v from 'valibot';
import { connectionErrorCode } from '../../io/error-text.ts';
import { readResponseBody } from '../../io/response-body.ts';
import { printable, truncate } from '../../terminal/display-width.ts';
import { parseJson } from '../../wire/json-text.ts';
import type { LabAgent } from '../../wire/lab-file.ts';
import type { AgentRequest } from './agent-request.ts';

/** What became of a request. */
export type AgentAnswer =
  /** `value` is undefined for what is not JSON. */
  | { readonly kind: 'answer'; readonly value: unknown }
  /** Nobody listens there: the agent does not run, and what it held went with it. */
  | { readonly kind: 'down' }
  /** In words for the user. */
  | { readonly kind: 'problem'; readonly problem: string };

export interface AskOptions {
  readonly agent: Pick<LabAgent, 'name'>;
  readonly request: AgentRequest;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** 4096 phases for each of a few injections. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_DETAIL_COLUMNS = 300;

const ProblemSchema = v.object({ detail: v.string() });

/**
 * Asks an agent of a lab. Each request may be made twice, and is when its connection breaks: the agent may have been
 * restarted since the last one.
 * @throws the reason of `signal` when that is aborted
 */
export async function askAgent(options: AskOptions): Promise<AgentAnswer> {
  const first = await tryOnce(options);
  return first === 'broken' ? orProblem(await tryOnce(options), options) : first;
}

async function tryOnce(options: AskOptions): Promise<AgentAnswer | 'broken'> {
  const { agent, request, token, signal, timeoutMs } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const { method, url, body } = request;
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== null && { 'content-type': 'application/json' }) },
      body,
      // A token is for this agent only, whatever it answers.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    const value = parseJson((await readResponseBody(response, MAX_ANSWER_BYTES)) ?? '');
    return response.ok
      ? { kind: 'answer', value }
      : { kind: 'problem', problem: refusal(response.status, value, options) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) {
      return {
        kind: 'problem',
        problem: `${agent.name} does not answer at ${originOf(url)} within ${timeoutMs / 1000} s`,
      };
    }
    return connectionErrorCode(error) === 'ECONNREFUSED' ? { kind: 'down' } : 'broken';
  }
}

function orProblem(answer: AgentAnswer | 'broken', { agent, request }: AskOptions): AgentAnswer {
  if (answer !== 'broken') return answer;
  return { kind: 'problem', problem: `the connection to ${agent.name} at ${originOf(request.url)} breaks off` };
}

function refusal(status: number, value: unknown, { agent, request }: AskOptions): string {
  const who = `${agent.name} at ${originOf(request.url)}`;
  if (status === 401) {
    return `what listens at ${originOf(request.url)} does not know the token of this lab: it is of another lab`;
  }
  const parsed = v.safeParse(ProblemSchema, value);
  const detail = parsed.success ? truncate(printable(parsed.output.detail), MAX_DETAIL_COLUMNS) : '';
  return `${who} refuses it (HTTP status ${status})${detail === '' ? '' : `: ${detail}`}`;
}

function originOf(url: string): string {
  return new URL(url).host;
}
