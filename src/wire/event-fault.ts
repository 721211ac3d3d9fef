import type { FaultKind } from '../core/verdict.ts';
import type { DatacenterEvent } from './api/datacenter-event.ts';

/**
 * Whether an event is of a fault of one of these kinds. Of `rack-wide` are all faults that most servers of a rack had at
 * once: such an event is of the rack, and its own kind says what it was. `observer` is of the rack alone.
 */
export function isOfFault(event: DatacenterEvent, kinds: readonly FaultKind[]): boolean {
  if (event.scope !== 'fault') return false;
  const { kind } = event.fault;
  return kinds.includes(kind) || (event.server_id === null && kind !== 'observer' && kinds.includes('rack-wide'));
}
