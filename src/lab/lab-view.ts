import type { DatacenterHealth } from '../core/verdict.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';

/** What the lab knows of its datacenter. */
export interface KnownHealth {
  /** The newest that came; null before the first. */
  readonly tree: DatacenterHealth | null;
  /** What is broken on purpose, oldest first. */
  readonly injections: readonly ChaosNotice[];
  /** Local time at which it came, Unix seconds. */
  readonly fetchedSeconds: number;
  /** The last try to fetch it failed. */
  readonly isLost: boolean;
}

/** Before anything came. */
export const NOTHING_KNOWN: KnownHealth = { tree: null, injections: [], fetchedSeconds: 0, isLost: false };

/** Shows a running lab. */
export interface LabView {
  /** One line of the lab's log. */
  log(line: string): void;
  /** The health was asked for once more. */
  update(health: KnownHealth): void;
}
