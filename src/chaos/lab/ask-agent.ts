import { connectionErrorCode } from '../../io/error-text.ts';
import type { LabAgent } from '../../wire/lab-file.ts';
import { askControl, statusText, type ControlAnswer, type ControlRequest } from '../control-request.ts';

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
  readonly request: ControlRequest;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** 4096 phases for each of a few injections. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

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
  const { url } = request;
  try {
    const both = AbortSignal.any([signal, timeout]);
    const answer = await askControl(request, { token, maxAnswerBytes: MAX_ANSWER_BYTES, signal: both });
    return answer.isOk
      ? { kind: 'answer', value: answer.value }
      : { kind: 'problem', problem: refusal(answer, options) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) {
      return {
        kind: 'problem',
        problem: `${agent.name} does not answer at ${hostOf(url)} within ${timeoutMs / 1000} s`,
      };
    }
    return connectionErrorCode(error) === 'ECONNREFUSED' ? { kind: 'down' } : 'broken';
  }
}

function orProblem(answer: AgentAnswer | 'broken', { agent, request }: AskOptions): AgentAnswer {
  if (answer !== 'broken') return answer;
  return { kind: 'problem', problem: `the connection to ${agent.name} at ${hostOf(request.url)} breaks off` };
}

function refusal(answer: ControlAnswer, { agent, request }: AskOptions): string {
  const who = `${agent.name} at ${hostOf(request.url)}`;
  if (answer.status === 401) {
    return `what listens at ${hostOf(request.url)} does not know the token of this lab: it is of another lab`;
  }
  return `${who} refuses it with ${statusText(answer)}`;
}

function hostOf(url: string): string {
  return new URL(url).host;
}
