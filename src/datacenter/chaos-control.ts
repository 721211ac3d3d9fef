import type { ChaosControlStatus, InjectRequest } from '../wire/api/chaos-control.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';

/** What became of something that was asked of a lab. */
export type ControlOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'refused';
      /**
       * 400: what was asked cannot be done. 404: there is no such rack or server. 502: the lab failed to do it. 503: it
       * cannot be reached now.
       */
      readonly status: 400 | 404 | 502 | 503;
      /** A sentence, or several, for whoever asked: what is wrong, where, what to do. */
      readonly detail: string;
    };

/** What the datacenter shows as active and is not so. */
export interface ChaosCorrections {
  /** Nobody holds them any more. */
  readonly endedIds: readonly string[];
  /** Held on fewer servers than shown, as they are now. */
  readonly narrowed: readonly ChaosNotice[];
}

/** A lab that the datacenter can break. Whoever starts the datacenter gives it; no method throws. */
export interface ChaosControl {
  /** The target that its injections have in their notices. */
  readonly target: string;
  status(): Promise<ChaosControlStatus>;
  /** Injects on every server that is meant, or on none; what is in force then. */
  inject(request: InjectRequest): Promise<ControlOutcome<ChaosNotice>>;
  /**
   * Undoes one injection, or with null all of them, and makes sure that it is gone.
   * @returns ids of what was in force
   */
  clear(id: string | null): Promise<ControlOutcome<readonly string[]>>;
  /** Holds what is shown against what is in force; nothing to correct when that cannot be found out. */
  compare(shown: readonly ChaosNotice[]): Promise<ChaosCorrections>;
}
