import { isIP } from 'node:net';
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

/**
 * Whether a server on loopback may answer to the name that it was asked by: an address, `localhost`, or the host of an
 * origin that is allowed by name. Any other site can give its name this machine's address, and its pages would then
 * pass for the server's own (DNS rebinding).
 */
export function isLoopbackName(host: string | null, allowed: readonly string[]): boolean {
  if (host === null) return true;
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  if (name === 'localhost' || name.endsWith('.localhost') || isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true;
  return allowed.some((origin) => URL.parse(origin)?.hostname === name);
}
