import * as v from 'valibot';
import { readResponseBody } from '../io/response-body.ts';
import { printable, truncate } from '../terminal/display-width.ts';
import { parseJson } from '../wire/json-text.ts';

export interface ControlRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  /** JSON. */
  readonly body: string | null;
}

export interface ControlAnswer {
  /** Of HTTP. */
  readonly status: number;
  readonly isOk: boolean;
  /** Undefined for what is not JSON. */
  readonly value: unknown;
}

const MAX_DETAIL_COLUMNS = 300;

const ProblemSchema = v.object({ detail: v.string() });

/** Asks an endpoint that wants a token. @throws as `fetch` does */
export async function askControl(
  { method, url, body }: ControlRequest,
  options: { readonly token: string; readonly maxAnswerBytes: number; readonly signal: AbortSignal },
): Promise<ControlAnswer> {
  const { token, maxAnswerBytes, signal } = options;
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== null && { 'content-type': 'application/json' }) },
    body,
    // A token is for this endpoint only, whatever it answers.
    redirect: 'manual',
    signal,
  });
  const value = parseJson((await readResponseBody(response, maxAnswerBytes)) ?? '');
  return { status: response.status, isOk: response.ok, value };
}

/** `HTTP status 400`, and what is said of it when that is known. */
export function statusText({ status, value }: ControlAnswer): string {
  const parsed = v.safeParse(ProblemSchema, value);
  const detail = parsed.success ? truncate(printable(parsed.output.detail), MAX_DETAIL_COLUMNS) : '';
  return `HTTP status ${status}${detail === '' ? '' : `: ${detail}`}`;
}
