import type { IncomingHttpHeaders } from 'node:http';
import { problem, type HttpResponse } from '../../io/http-response.ts';
import { BEARER_PROTOCOL_PREFIX, SOCKET_PROTOCOL } from '../../wire/api/socket.ts';
import type { Access } from '../api/access.ts';
import type { SocketRejection } from './socket-counts.ts';

/** Most clients of the live socket. */
export const MAX_CLIENTS = 1024;
export const SOCKET_PATH = '/ws';

/** What is answered at the path of the socket to a request that does not ask for one. */
export function upgradeRequired(): HttpResponse {
  const detail =
    'This path takes WebSocket connections only: ask with "Upgrade: websocket", as every WebSocket client does. ' +
    'What it says is told in docs/api.md.';
  return problem(426, detail, { connection: 'upgrade', upgrade: 'websocket' });
}

export interface Refusal {
  readonly reason: SocketRejection;
  readonly response: HttpResponse;
}

/** Why a request for the socket is refused; null when it may go on. */
export function refuseClient(
  request: { readonly url?: string | undefined; readonly headers: IncomingHttpHeaders },
  access: Pick<Access, 'mayRead' | 'isOriginAllowed'>,
  clients: number,
): Refusal | null {
  const { url = '', headers } = request;
  if (url.split('?')[0] !== SOCKET_PATH) {
    return refusal('bad-request', problem(404, `There is no socket at this path: it is at ${SOCKET_PATH}.`));
  }
  if (headers.upgrade?.toLowerCase() !== 'websocket') {
    return refusal('bad-request', upgradeRequired());
  }
  if (!access.isOriginAllowed({ origin: headers.origin ?? null, host: headers.host ?? null })) {
    const detail = 'A page of another origin may not open the socket. Start the datacenter with --allow-origin ORIGIN.';
    return refusal('bad-origin', problem(403, detail));
  }
  const offered = protocolsOf(headers);
  // A proxy before the datacenter may have a use of its own for the header.
  if (!access.mayRead(headers.authorization ?? null) && !access.mayRead(bearerOf(offered))) {
    const detail = `The token of --api-token-file was not shown: as "Authorization: Bearer TOKEN", or as a second subprotocol, "${BEARER_PROTOCOL_PREFIX}" and the token in base64url.`;
    return refusal('bad-token', problem(401, detail, { 'www-authenticate': 'Bearer' }));
  }
  if (offered.length > 0 && !offered.includes(SOCKET_PROTOCOL)) {
    return refusal('bad-request', problem(400, `The subprotocol of this socket is ${SOCKET_PROTOCOL}.`));
  }
  if (clients < MAX_CLIENTS) return null;
  return refusal('too-many-clients', problem(503, `${MAX_CLIENTS} clients are connected, which is the most.`));
}

function refusal(reason: SocketRejection, response: HttpResponse): Refusal {
  return { reason, response };
}

function protocolsOf(headers: IncomingHttpHeaders): string[] {
  const given = headers['sec-websocket-protocol'] ?? '';
  return given
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The token that a browser can only send as a subprotocol, as an `Authorization` header would have it. */
function bearerOf(protocols: readonly string[]): string | null {
  const given = protocols.find((name) => name.startsWith(BEARER_PROTOCOL_PREFIX));
  if (given === undefined) return null;
  return `Bearer ${Buffer.from(given.slice(BEARER_PROTOCOL_PREFIX.length), 'base64url').toString('utf8')}`;
}
