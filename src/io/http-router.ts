import { problem, type HttpResponse } from './http-response.ts';

export interface HttpRequest {
  /** What stood in the place of each `:name` of the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly content: HttpContent;
}

/** What came with a request besides its target. */
export interface HttpContent {
  /** The `Authorization` header. */
  readonly authorization: string | null;
  /** The `Content-Type` header, without parameters and in lower case. */
  readonly mediaType: string | null;
  /** The `Origin` header: of which site the page is that asks. Who is no browser sends none. */
  readonly origin: string | null;
  /** The `Host` header: which address was asked. */
  readonly host: string | null;
  /** Empty for GET and HEAD. */
  readonly body: Buffer;
}

export type HttpHandler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** The same as it comes in: the body is null when it is longer than the server takes. */
export type UnboundedContent = Omit<HttpContent, 'body'> & { readonly body: Buffer | null };

/** `'GET /streams/:server/spectrum'` to its handler. A GET route answers HEAD too. */
export type HttpRoutes = Readonly<Record<string, HttpHandler>>;

/** Answers for a path, decoded, that has no route. */
export type NotFound = (path: string) => HttpResponse;

export const NOTHING_THERE = 'There is nothing at this path.';

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: HttpHandler;
}

/** Finds and calls the handler of a request; answers 400, 404 and 405 itself. Pure but for the handlers. */
export type HttpRouter = (
  method: string,
  target: string,
  content?: UnboundedContent,
) => HttpResponse | Promise<HttpResponse>;

const NO_CONTENT = { authorization: null, mediaType: null, origin: null, host: null, body: Buffer.alloc(0) };

const nothingThere = (): HttpResponse => problem(404, NOTHING_THERE);

/**
 * Makes a router of an explicit map. Routes without parameters win over those with.
 * @param notFound answers for paths that have no route; problem details unless told otherwise
 * @throws Error when a key is not `METHOD /path`.
 */
export function createRouter(routes: HttpRoutes, notFound: NotFound = nothingThere): HttpRouter {
  const table = Object.entries(routes).map(([key, handler]) => parseRoute(key, handler));
  table.sort((a, b) => parameterCount(a) - parameterCount(b));
  return (method, target, content = NO_CONTENT) => {
    const place = parseTarget(target);
    if (place === null) return problem(400, 'The request target is malformed.');
    const matching = table.filter((route) => matches(route, place.segments));
    if (matching.length === 0) return notFound(place.segments.join('/'));
    const wanted = method === 'HEAD' ? 'GET' : method;
    const route = matching.find((candidate) => candidate.method === wanted);
    if (!route) return problem(405, `This path does not answer ${method}.`, { allow: allowedMethods(matching) });
    const { body } = content;
    if (body === null) return problem(413, 'The body is longer than this server takes.');
    return route.handler({
      params: parametersOf(route, place.segments),
      query: place.query,
      content: { ...content, body },
    });
  };
}

function parseRoute(key: string, handler: HttpHandler): Route {
  const match = /^([A-Z]+) (\/\S*)$/.exec(key);
  const [, method, path] = match ?? [];
  if (method === undefined || path === undefined) throw new Error(`"${key}" is not a route: allowed is "METHOD /path"`);
  return { method, segments: path.split('/'), handler };
}

function parseTarget(target: string): { segments: string[]; query: URLSearchParams } | null {
  const [path = '', ...rest] = target.split('?');
  if (!path.startsWith('/')) return null;
  try {
    return { segments: path.split('/').map(decodeURIComponent), query: new URLSearchParams(rest.join('?')) };
  } catch {
    return null;
  }
}

function matches(route: Route, segments: readonly string[]): boolean {
  if (route.segments.length !== segments.length) return false;
  return route.segments.every((wanted, at) => (wanted.startsWith(':') ? segments[at] !== '' : wanted === segments[at]));
}

function parametersOf(route: Route, segments: readonly string[]): Record<string, string> {
  const named = route.segments.flatMap((wanted, at): [string, string][] =>
    wanted.startsWith(':') ? [[wanted.slice(1), segments[at] ?? '']] : [],
  );
  return Object.fromEntries(named);
}

function parameterCount(route: Route): number {
  return route.segments.filter((segment) => segment.startsWith(':')).length;
}

function allowedMethods(routes: readonly Route[]): string {
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(methods)].join(', ');
}
