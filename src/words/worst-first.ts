import { type Fault, SEVERITIES } from '../core/verdict.ts';

type Ranked = Pick<Fault, 'severity' | 'since'>;

/** Order of faults, worst first: the more severe, then the one that has stood longer. */
export function compareFaults(a: Ranked, b: Ranked): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.since - b.since;
}
