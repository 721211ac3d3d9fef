import type { IncomingHttpHeaders } from 'node:http';
import type { HttpResponse } from './http-response.ts';

/**
 * The form of an answer that suits who asked: nothing at all when it is what he has (`ETag` and `If-None-Match`, RFC
 * 9110, section 13.1.2), a page where there is one and a browser asks, compressed when it can be and he takes that.
 */
export async function negotiate(answer: HttpResponse, asked: Readonly<IncomingHttpHeaders>): Promise<HttpResponse> {
  const { headers = {}, gzip, html } = answer;
  const etag = headers['etag'];
  if (etag !== undefined && listOf(asked['if-none-match']).some((known) => known === '*' || isSame(known, etag))) {
    return { ...answer, status: 304, body: '' };
  }
  if (html !== undefined) {
    const shown = prefersPage(asked.accept) ? { contentType: 'text/html; charset=utf-8', body: html } : {};
    return { ...answer, ...shown, headers: { ...headers, vary: 'accept' } };
  }
  if (gzip === undefined) return answer;
  const varying = { ...headers, vary: 'accept-encoding' };
  if (!takesGzip(asked['accept-encoding'])) return { ...answer, headers: varying };
  return { ...answer, body: await gzip(), headers: { ...varying, 'content-encoding': 'gzip' } };
}

/** A weak comparison: one tag stands for both forms of an answer. */
function isSame(known: string, etag: string): boolean {
  return known.replace(/^W\//, '') === etag.replace(/^W\//, '');
}

/** A browser that goes to an address names HTML before all else; programs take anything, or JSON. */
function prefersPage(accepted: string | undefined): boolean {
  const wanted = listOf(accepted).map((item) => {
    const [type = '', ...parameters] = item.toLowerCase().split(';');
    const quality = parameters.find((one) => one.startsWith('q='));
    return { type, weight: quality === undefined ? 1 : Number(quality.slice(2)) };
  });
  const weight = wanted.find(({ type }) => type === 'text/html')?.weight ?? 0;
  return weight > 0 && wanted.every((other) => other.weight <= weight || !other.type.includes('json'));
}

function takesGzip(accepted: string | string[] | undefined): boolean {
  const items = listOf(accepted);
  // What is said of gzip itself counts before what is said of all.
  const item = items.find((one) => /^gzip(?:;|$)/i.test(one)) ?? items.find((one) => /^\*(?:;|$)/.test(one));
  return item !== undefined && !/;q=0(?:\.0*)?$/i.test(item);
}

function listOf(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(',')
    .map((item) => item.replaceAll(/\s/g, ''));
}
