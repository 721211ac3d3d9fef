import type { ChaosAction } from '../metrics/agent-labels.ts';
import type { NetemCounts } from '../netem/netem-queue.ts';

/** What an emulation did to packets, by action. */
export type ChaosCounts = Record<ChaosAction, number>;

export function noChaosCounts(): ChaosCounts {
  return { lost: 0, over_limit: 0, duplicated: 0, corrupted: 0, reordered: 0 };
}

/** Adds what one queue counted. */
export function addNetemCounts(sum: ChaosCounts, counts: NetemCounts): void {
  sum.lost += counts.lost;
  sum.over_limit += counts.overLimit;
  sum.duplicated += counts.duplicated;
  sum.corrupted += counts.corrupted;
  sum.reordered += counts.reordered;
}
