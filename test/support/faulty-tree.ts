import type { Fault, RackFault, Verdict } from '../../src/core/verdict.ts';
import { LOSSY, NOW_SECONDS, treeOf } from './health-trees.ts';

/** A fault as the detectors tell it, 5 minutes old. */
export function faultOf(kind: Fault['kind'], parameters: Fault['parameters'], changes: Partial<Fault> = {}): Fault {
  return { kind, since: NOW_SECONDS - 300, severity: 'warning', confidence: 0.999, parameters, ...changes };
}

/** Servers 0, 2, 4 and 6 of a rack of 8 came to be late at once. */
export const LATE_RACK: RackFault = {
  ...faultOf('delay-shift', { servers: 4, shift_seconds: 0.005 }, { severity: 'info' }),
  kind: 'delay-shift',
  server_ids: [0, 2, 4, 6],
};

/** What each of those servers says. */
export const LATE_WITH_RACK = {
  faults: [faultOf('rack-wide', LATE_RACK.parameters, { severity: 'info' })],
} satisfies Partial<Verdict>;

/** Healthy, but its clock runs off. */
export const DRIFTING = {
  faults: [faultOf('clock-drift', { skew_ppm: 42, change_ppm: 20 }, { severity: 'info' })],
} satisfies Partial<Verdict>;

const STALLING = {
  faults: [faultOf('periodic-delay', { period_seconds: 5, delay_seconds: 0.02, pulse_seconds: 0.3, p_value: 1e-9 })],
} satisfies Partial<Verdict>;

/** A tree with faults of servers and of a rack, some of which make nobody ill. */
export const FAULTY_TREE = treeOf({
  racks: 4,
  servers: 8,
  rackFaults: (rack) => (rack === 2 ? [LATE_RACK] : []),
  change: (rack, server) => {
    if (rack === 2 && server === 4) {
      return { status: 'warning', faults: [...STALLING.faults, ...LATE_WITH_RACK.faults] };
    }
    if (rack === 2 && server % 2 === 0) return LATE_WITH_RACK;
    if (rack === 3 && server === 5) return { ...LOSSY, name: 'db-17', faults: [...LOSSY.faults, ...STALLING.faults] };
    return rack === 0 && server === 1 ? DRIFTING : {};
  },
});
