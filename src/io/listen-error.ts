import { messageOf } from './error-text.ts';
import { UserError } from './user-error.ts';

/** Where something listens, and what for. */
export interface ListenPlace {
  /** Completes "cannot listen for …": `samples`, `reports`, `metrics`. */
  readonly purpose: string;
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken',
  EACCES: 'this user may not use that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'that host name is not known',
  EAI_AGAIN: 'that host name cannot be resolved now',
};

/** Says what could not be listened for, where, and why. `code` is that of the cause. */
export class ListenError extends UserError {
  override readonly name = 'ListenError';
  readonly code: string;

  constructor(cause: unknown, place: ListenPlace) {
    const code = errorCode(cause);
    const host = place.host.includes(':') ? `[${place.host}]` : place.host;
    const reason = REASONS[code] ?? messageOf(cause);
    super(`cannot listen for ${place.purpose} on ${host}:${place.port} (${place.protocol}): ${reason}`, { cause });
    this.code = code;
  }
}

/** The `code` of a system error (`ECONNREFUSED`), or `UNKNOWN`. Bounded by what the system knows: fit for a metric's label. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
