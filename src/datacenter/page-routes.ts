import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { HttpResponse } from '../io/http-response.ts';
import type { HttpHandler, HttpRoutes } from '../io/http-router.ts';
import type { PageFiles } from './page-files.ts';
import { PAGE_SECURITY_HEADERS } from './page-headers.ts';
import { notBuilt } from './problem-page.ts';

/** The page reads in the address what it shows; whatever that is, the file is the same. */
const VIEWS = ['/', '/events', '/incidents', '/replay', '/racks/:rack', '/racks/:rack/servers/:server'];
const DOCS = ['/docs', '/docs/'];

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
};
const PLAIN = 'text/plain; charset=utf-8';
/** What is compressed already. */
const PACKED = /^(?:image\/png|font\/)/;

/** The dashboard, and the page that shows the document of the API. Every file has a route of its own: there are no others. */
export function createPageRoutes(files: PageFiles): HttpRoutes {
  const handlers = new Map([...files].map(([path, content]) => [path, handlerOf(path, content)]));
  const route = (path: string, file: string): [string, HttpHandler] => [`GET ${path}`, handlers.get(file) ?? notBuilt];
  return Object.fromEntries([
    ...[...handlers.keys()].map((path) => route(`/${path}`, path)),
    ...VIEWS.map((path) => route(path, 'index.html')),
    ...DOCS.map((path) => route(path, 'docs/index.html')),
  ]);
}

function handlerOf(path: string, content: Buffer): HttpHandler {
  const contentType = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? PLAIN;
  let compressed: Promise<Uint8Array> | null = null;
  const answer: HttpResponse = {
    status: 200,
    contentType,
    body: content,
    headers: {
      ...PAGE_SECURITY_HEADERS,
      etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
      // The name of an asset has a hash of what is in it.
      'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
    ...(!PACKED.test(contentType) && {
      gzip: () => {
        // Once for each file, when it is asked for first: most of them never are.
        compressed ??= promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION });
        return compressed;
      },
    }),
  };
  return () => answer;
}
