import { STATUS_CODES } from 'node:http';

export interface HttpResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a browser is shown in place of the body: a whole page. */
  readonly html?: string;
  /** Gives the body compressed with gzip, to be sent to those who take it. */
  readonly gzip?: () => Promise<Uint8Array>;
}

/** A value as JSON. */
export function json(value: unknown, status = 200): HttpResponse {
  return { ...jsonText(JSON.stringify(value)), status };
}

/** A value that was made JSON before. */
export function jsonText(body: string): HttpResponse {
  return text(body, 'application/json; charset=utf-8');
}

/** A text as it is; `contentType` for formats such as the exposition format of Prometheus. */
export function text(body: string, contentType = 'text/plain; charset=utf-8', status = 200): HttpResponse {
  return { status, contentType, body };
}

/** An error as problem details (RFC 9457). `detail` goes to the client: nothing internal belongs in it. */
export function problem(status: number, detail: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const body = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail });
  return { status, contentType: 'application/problem+json', body, headers };
}
