import type { DatacenterHealth } from '../core/verdict.ts';

/** What the lab knows of its datacenter. */
export interface KnownHealth {
  /** The newest that came; null before the first. */
  readonly tree: DatacenterHealth | null;
  /** Local time at which it came, Unix seconds. */
  readonly fetchedSeconds: number;
  /** The last try to fetch it failed. */
  readonly isLost: boolean;
}

/** Shows a running lab. */
export interface LabView {
  /** One line of the lab's log. */
  log(line: string): void;
  /** The health was asked for once more. */
  update(health: KnownHealth): void;
}
