import { escapeHtml } from '../io/escape-html.ts';
import { problem, type HttpResponse } from '../io/http-response.ts';
import { NOTHING_THERE } from '../io/http-router.ts';
import { PAGE_SECURITY_HEADERS } from './page-headers.ts';

interface Link {
  readonly path: string;
  readonly text: string;
}

const HOME: Link = { path: '/', text: 'To the dashboard' };

/** The page was not built, and what to do. */
export const NOT_BUILT =
  'The page was not built: build it with npm run build:web, and start the datacenter controller anew, which reads the ' +
  'page once, when it starts.';

/** The answer in the page's place when there is none. */
export function notBuilt(): HttpResponse {
  return problemPage(503, NOT_BUILT, { path: '/api/v1/health', text: 'The health of the datacenter as JSON' });
}

/** The answer for a path that has nothing: whoever mistyped the address of a view gets a page, programs do not. */
export function nothingThere(path: string): HttpResponse {
  return path.startsWith('/api/') ? problem(404, NOTHING_THERE) : problemPage(404, NOTHING_THERE);
}

/** Problem details, which a browser is shown as a small page with a way on. Neither text comes from a request. */
export function problemPage(status: number, detail: string, { path, text }: Link = HOME): HttpResponse {
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <title>${status} · NetWatch</title>
    <style>body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }</style>
  </head>
  <body>
    <h1>NetWatch</h1>
    <p>${escapeHtml(detail)}</p>
    <p><a href="${escapeHtml(path)}">${escapeHtml(text)}</a></p>
  </body>
</html>
`;
  return { ...problem(status, detail, PAGE_SECURITY_HEADERS), html };
}
