import { SEVERITIES, type Fault, type FaultKind, type Verdict } from '../../core/verdict.ts';

/** A fault that a server did not have at the last judgement. */
export interface BegunFault {
  readonly verdict: Verdict;
  /** Its worst, where several began at once. */
  readonly fault: Fault;
}

/**
 * Tells which servers have a fault now of a kind that they did not have at the last judgement. What is merely `info`, or
 * the rack's own lateness, is none.
 */
export class BegunFaults {
  #known = new Map<number, ReadonlySet<FaultKind>>();

  /** @param verdicts all of a rack, at one moment */
  of(verdicts: readonly Verdict[]): readonly BegunFault[] {
    const known = new Map<number, ReadonlySet<FaultKind>>();
    const begun: BegunFault[] = [];
    for (const verdict of verdicts) {
      const faults = verdict.faults.filter(({ kind, severity }) => severity !== 'info' && kind !== 'observer');
      if (faults.length === 0) continue;
      const before = this.#known.get(verdict.server_id);
      known.set(verdict.server_id, new Set(faults.map(({ kind }) => kind)));
      const [worst] = faults.filter(({ kind }) => before?.has(kind) !== true).toSorted(bySeverity);
      if (worst !== undefined) begun.push({ verdict, fault: worst });
    }
    this.#known = known;
    return begun;
  }
}

function bySeverity(a: Fault, b: Fault): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);
}
