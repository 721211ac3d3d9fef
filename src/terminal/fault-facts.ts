import type { Fault, FaultKind } from '../core/verdict.ts';
import { faultChance, faultPhrase } from '../words/fault-words.ts';
import { compareFaults } from '../words/worst-first.ts';
import type { Detail } from './finding.ts';
import { durationText, timeText } from './number-text.ts';

/** Told of their rack, not of each server. */
const TOLD_OF_RACK: ReadonlySet<FaultKind> = new Set(['rack-wide', 'observer']);

/** The faults that are a server's own, worst first. `silent` is its status already. */
export function ownFaults(faults: readonly Fault[]): readonly Fault[] {
  return faults.filter(({ kind }) => !TOLD_OF_RACK.has(kind) && kind !== 'silent').toSorted(compareFaults);
}

/** `since 12:03:11 (4 min)`, or shorter `for 4 min`. `now` in Unix seconds. */
export function sinceDetail({ since }: Pick<Fault, 'since'>, now: number): Detail {
  const duration = durationText(now - since);
  return [`since ${timeText(since)} (${duration})`, `for ${duration}`];
}

/** What there is to say besides its phrase: since when, and how likely it is chance. */
export function faultDetails(fault: Fault, now: number): readonly Detail[] {
  return [sinceDetail(fault, now), faultChance(fault) ?? []];
}

/** A fault that is told beside another one: `jitter 30 ms (5 min)`. */
export function furtherFault(fault: Fault, now: number): Detail {
  return `${faultPhrase(fault)} (${durationText(now - fault.since)})`;
}
