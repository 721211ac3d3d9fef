import { isBearer } from '../../io/bearer.ts';
import { refuseStranger } from '../../io/control-refusals.ts';
import { problem, type HttpResponse } from '../../io/http-response.ts';
import type { HttpContent } from '../../io/http-router.ts';
import { isLoopbackName, isOriginAllowed } from '../../io/origin.ts';

export interface AccessOptions {
  /** What who reads must show; null: everybody may read. */
  readonly apiToken: string | null;
  /** What who controls must show, which opens everything else too; null: nobody may control. */
  readonly controlToken: string | null;
  /** Origins of pages, besides the datacenter's own, that may change something or open the socket. */
  readonly allowedOrigins: readonly string[];
  /** Whether the API listens on loopback only: then it answers to names of loopback and of allowed origins only. */
  readonly isOnLoopback: boolean;
}

/** Who may do what. Each gives the answer to who may not, and null to who may. */
export interface Access {
  read(content: HttpContent): HttpResponse | null;
  control(content: HttpContent): HttpResponse | null;
  /** Whether this `Authorization` opens what is read. */
  mayRead(authorization: string | null): boolean;
  /** Whether a page of this origin may change something or open the socket. */
  isOriginAllowed(asking: Pick<HttpContent, 'origin' | 'host'>): boolean;
}

const NO_CONTROL =
  'This datacenter does not let anybody control chaos. Start it with --control-token-file to allow whoever has that token.';
const OTHER_NAME =
  'This datacenter listens on loopback and was asked for by another name, as pages of other sites might. ' +
  'If a proxy of yours does that, start the datacenter with --allow-origin and the origin that it serves.';
const OTHER_ORIGIN =
  'A page of another origin may not do this. Start the datacenter with --allow-origin ORIGIN to allow it.';

export function createAccess({ apiToken, controlToken, allowedOrigins, isOnLoopback }: AccessOptions): Access {
  const mayRead = (authorization: string | null): boolean =>
    apiToken === null ||
    isBearer(authorization, apiToken) ||
    (controlToken !== null && isBearer(authorization, controlToken));
  const hasName = (host: string | null): boolean => !isOnLoopback || isLoopbackName(host, allowedOrigins);
  const isAllowed: Access['isOriginAllowed'] = (asking) =>
    hasName(asking.host) && isOriginAllowed(asking, allowedOrigins);
  return {
    mayRead,
    isOriginAllowed: isAllowed,
    read: ({ authorization, host }) => {
      if (!hasName(host)) return problem(403, OTHER_NAME);
      return mayRead(authorization) ? null : refuseReader(authorization);
    },
    control: (content) => {
      if (!hasName(content.host)) return problem(403, OTHER_NAME);
      if (controlToken === null) return problem(403, NO_CONTROL);
      return refuseStranger(content, controlToken) ?? (isAllowed(content) ? null : problem(403, OTHER_ORIGIN));
    },
  };
}

function refuseReader(authorization: string | null): HttpResponse {
  const detail =
    authorization === null
      ? 'No token was shown: send "Authorization: Bearer TOKEN", the token of --api-token-file.'
      : 'The token is not the one of --api-token-file.';
  return problem(401, detail, { 'www-authenticate': 'Bearer' });
}
