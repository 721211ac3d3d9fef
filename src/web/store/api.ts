import { token } from './token.ts';

/** What the controller answered instead of what was asked, as problem details (RFC 9457) say it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** HTTP status; 0 when there was no answer at all. */
  readonly status: number;
  /** A sentence for people. */
  readonly detail: string;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
    this.detail = detail;
  }
}

/** The controller's REST API. Paths begin with a slash. All of them throw an ApiProblem. The caller names what it gets. */
export const api = {
  get: <T>(path: string): Promise<T> => ask<T>('GET', path),
  /** What is not JSON, as it comes. */
  blob: async (path: string, signal: AbortSignal): Promise<Blob> => {
    const response = await answerTo(path, { headers: headersOf('GET', '*/*'), signal });
    return response.blob().catch(() => {
      throw new ApiProblem(0, 'The controller did not send all of it.');
    });
  },
  /** With the control token. */
  post: <T>(path: string, body: unknown): Promise<T> => ask<T>('POST', path, body),
  /** With the control token. */
  delete: <T>(path: string): Promise<T> => ask<T>('DELETE', path),
};

/** How long an answer may take that is only read. */
const ANSWER_MS = 10_000;

async function ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const headers = headersOf(method, 'application/json');
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await answerTo(path, {
    method,
    headers,
    // What changes something may take its time; what only asks has an answer soon, or none.
    ...(method === 'GET' ? { signal: AbortSignal.timeout(ANSWER_MS) } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value: unknown = await response.json().catch(() => undefined);
  if (value === undefined)
    throw new ApiProblem(response.status, 'What was answered is no JSON: it was not the controller.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The page is served by the controller it asks: both know the same schemas.
  return value as T;
}

function headersOf(method: string, accept: string): Record<string, string> {
  const bearer = token(method === 'GET' ? 'api' : 'control');
  return bearer === null ? { Accept: accept } : { Accept: accept, Authorization: `Bearer ${bearer}` };
}

/** The answer, unless it is a refusal. */
async function answerTo(path: string, request: RequestInit): Promise<Response> {
  const response = await fetch(path, request).catch(() => {
    throw new ApiProblem(0, 'The controller does not answer.');
  });
  if (response.ok) return response;
  const problem: unknown = await response.json().catch(() => undefined);
  throw new ApiProblem(response.status, detailOf(problem) ?? `The controller answered ${response.status}.`);
}

function detailOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if ('detail' in answer && typeof answer.detail === 'string') return answer.detail;
  return 'title' in answer && typeof answer.title === 'string' ? answer.title : null;
}
