import type { Fault, FaultKind, RackFault, Severity, Verdict } from '../../core/verdict.ts';
import { MAX_FAULT_SERVERS } from '../../core/verdict.ts';
import { compareFaults } from '../../words/worst-first.ts';

/** What is none of the server's own: the rack has it, or the rack's controller. */
const OTHERS: ReadonlySet<FaultKind> = new Set<FaultKind>(['rack-wide', 'observer']);

/** Whether a fault makes ill who has it; the others are worth a look. */
export function isGrave({ severity }: { readonly severity: Severity }): boolean {
  return severity !== 'info';
}

/** The mark of a severity. */
export function markOfSeverity(severity: Severity): 'note' | 'warning' | 'critical' {
  return severity === 'info' ? 'note' : severity;
}

/** By severity, of several as bad the oldest first. */
export function worstFirst<T extends Pick<Fault, 'severity' | 'since'>>(faults: readonly T[]): readonly T[] {
  return faults.toSorted(compareFaults);
}

/** A server's own faults, worst first. */
export function ownFaults({ faults }: Pick<Verdict, 'faults'>): readonly Fault[] {
  return faults.length === 0 ? faults : worstFirst(faults.filter(({ kind }) => !OTHERS.has(kind)));
}

/** Whether a server has what its rack has. */
export function isRackWide({ faults }: Pick<Verdict, 'faults'>): boolean {
  return faults.some(({ kind }) => kind === 'rack-wide');
}

/** Which of a rack's faults a server has, worst first; empty when it has none of them. */
export function sharedFaults(
  verdict: Pick<Verdict, 'server_id' | 'faults'>,
  rackFaults: readonly RackFault[],
): readonly RackFault[] {
  if (!isRackWide(verdict)) return [];
  // Where the list was cut, any server may be one of them.
  const isOf = ({ server_ids: ids }: RackFault): boolean =>
    ids.length >= MAX_FAULT_SERVERS || ids.includes(verdict.server_id);
  return worstFirst(rackFaults.filter(isOf));
}
