import type { HttpContent } from './http-router.ts';

/**
 * Whether a page may ask this of a server: the server's own page (its origin has the host and port that were asked), a
 * page of an origin that is allowed by name, or none, since who is no browser sends no `Origin`.
 */
export function isOriginAllowed(
  { origin, host }: Pick<HttpContent, 'origin' | 'host'>,
  allowed: readonly string[],
): boolean {
  if (origin === null || allowed.includes(origin)) return true;
  const asking = URL.parse(origin);
  // The port of a scheme stands in neither, or in one of them only.
  return asking !== null && host !== null && asking.host === URL.parse(`${asking.protocol}//${host}`)?.host;
}
