import type { DatacenterConfig } from '../config/datacenter.ts';
import type { WallClock } from '../io/clock.ts';
import type { Log } from '../io/log.ts';
import type { ChaosControl } from './chaos-control.ts';

export interface DatacenterOptions {
  readonly config: DatacenterConfig;
  readonly clock: WallClock;
  readonly log: Log;
  readonly version: string;
  /** How the lab of its servers is broken; null or left out: chaos is not done over its API. */
  readonly chaosControl?: ChaosControl | null;
}
