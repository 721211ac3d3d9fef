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
  /** With the control token. */
  post: <T>(path: string, body: unknown): Promise<T> => ask<T>('POST', path, body),
  /** With the control token. */
  delete: <T>(path: string): Promise<T> => ask<T>('DELETE', path),
};

/** How long an answer may take that is only read. */
const ANSWER_MS = 10_000;

async function ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const bearer = token(method === 'GET' ? 'api' : 'control');
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (bearer !== null) headers['Authorization'] = `Bearer ${bearer}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await fetch(path, {
    method,
    headers,
    // What changes something may take its time; what only asks has an answer soon, or none.
    ...(method === 'GET' ? { signal: AbortSignal.timeout(ANSWER_MS) } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiProblem(0, 'The controller does not answer.');
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok)
    throw new ApiProblem(response.status, detailOf(answer) ?? `The controller answered ${response.status}.`);
  if (answer === undefined)
    throw new ApiProblem(response.status, 'What was answered is no JSON: it was not the controller.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The page is served by the controller it asks: both know the same schemas.
  return answer as T;
}

function detailOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if ('detail' in answer && typeof answer.detail === 'string') return answer.detail;
  return 'title' in answer && typeof answer.title === 'string' ? answer.title : null;
}
