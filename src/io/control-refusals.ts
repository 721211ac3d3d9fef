import { isBearer } from './bearer.ts';
import { problem, type HttpResponse } from './http-response.ts';
import type { HttpContent } from './http-router.ts';

/** The answer to a request that does not show the token of `--control-token-file`; null when it does. */
export function refuseStranger({ authorization }: HttpContent, token: string): HttpResponse | null {
  if (isBearer(authorization, token)) return null;
  const detail =
    authorization === null
      ? 'No token was shown: send "Authorization: Bearer TOKEN", the token of --control-token-file.'
      : 'The token is not the one of --control-token-file.';
  return problem(401, detail, { 'www-authenticate': 'Bearer' });
}

/** The answer to a body that is not said to be JSON, such as a form of another site; null when it is. */
export function refuseMediaType({ mediaType }: HttpContent): HttpResponse | null {
  if (mediaType === 'application/json') return null;
  const detail = 'The body must be JSON, sent with "Content-Type: application/json".';
  return problem(415, detail, { accept: 'application/json' });
}
