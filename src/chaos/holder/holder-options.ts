import type { Injection } from '../../wire/injection.ts';

/** Where a holder does what. */
export interface HolderOptions {
  readonly injection: Injection;
  readonly server: { readonly rackId: number; readonly serverId: number };
  /** Null: every device that is up but lo, and our own. */
  readonly devices: readonly string[] | null;
}
