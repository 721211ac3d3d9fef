import type { RackHealth } from '../../core/verdict.ts';
import { markOfGroup, type ShownStatus } from '../status/shown-status.ts';
import { isGrave } from '../words/fault-order.ts';
import { worstOf } from '../words/finding.ts';

/** A rack's mark: a score that hardly fell does not make one healthy that has a fault of its own. */
export function markOfRack({ status, faults }: Pick<RackHealth, 'status' | 'faults'>): ShownStatus {
  const own = faults.filter(isGrave).map(({ severity }) => (severity === 'critical' ? 'critical' : 'warning'));
  return own.length === 0 ? markOfGroup(status) : worstOf([markOfGroup(status), ...own]);
}
