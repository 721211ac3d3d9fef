import { messageOf } from '../../io/error-text.ts';
import { errorCode } from '../../io/listen-error.ts';
import { ChaosError } from '../target.ts';

/** The daemon answered, and refused. `status` is that of HTTP. */
export class DockerRefusal extends ChaosError {
  readonly status: number;

  constructor(message: string, options: { readonly status: number; readonly cause: unknown }) {
    super(message, { cause: options.cause });
    this.status = options.status;
  }
}

/** Everything that says that nobody answers there. */
const NOBODY = new Set(['ENOENT', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENOTSOCK']);
const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/**
 * What a request to the daemon failed with, in words for the user.
 * @param doing completes "Docker could not …": `start a helper container`
 * @param place where the daemon is, `unix:///var/run/docker.sock`
 */
export function dockerError(error: unknown, { doing, place }: { doing: string; place: string }): ChaosError {
  const status = statusOf(error);
  if (status !== null) {
    return new DockerRefusal(`Docker could not ${doing}: ${apiText(error)}`, { status, cause: error });
  }
  return new ChaosError(connectionText(error, { doing, place }), { cause: error });
}

function connectionText(error: unknown, { doing, place }: { doing: string; place: string }): string {
  const code = errorCode(error);
  if (code === 'EACCES' || code === 'EPERM') {
    return (
      `this user may not use Docker at ${place}: run it with sudo, or let the user into the group docker ` +
      '(sudo usermod -aG docker USER, then log in again)'
    );
  }
  if (NOBODY.has(code)) {
    return `no Docker daemon answers at ${place} (${code}): start Docker, or say with DOCKER_HOST where it is`;
  }
  if (NO_NAME.has(code)) return `the host of ${place} is not known (${code}): say with DOCKER_HOST where Docker is`;
  const text = messageOf(error);
  return `Docker at ${place} could not ${doing}: the connection failed (${code === 'UNKNOWN' ? text : `${code}: ${text}`})`;
}

/** Null when it was no answer of the daemon. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}

/** The daemon's own words, without what the client puts around them. */
function apiText(error: unknown): string {
  const body = error instanceof Error && 'json' in error ? error.json : null;
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
    return body.message.trim();
  }
  // Of a request for a stream only the client's text is there: "(HTTP code 404) no such container - what Docker said".
  return error instanceof Error ? error.message.replace(/^\(HTTP code \d+\) .*? - /, '').trim() : String(error);
}
