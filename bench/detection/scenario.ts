import type { Fault, FaultKind } from '../../src/core/verdict.ts';
import type { FastRandom } from './fast-random.ts';
import type { ServerOptions } from './simulated-server.ts';

/** A link that breaks at a known slot, and what ought to be said of it. */
export interface Scenario {
  readonly name: string;
  readonly kind: FaultKind;
  /** Seconds for which it is broken: a run ends with them. */
  readonly seconds: number;
  /** Loss while it was healthy. */
  readonly healthyLoss?: number;
  /** What breaks at the slot. */
  readonly breaks: (onset: number, random: FastRandom) => Partial<ServerOptions> & { readonly isDead?: boolean };
  /** Detection time aimed at, and which figure of it is compared. */
  readonly target: { readonly seconds: number; readonly of: 'mean' | 'median' | 'p95' } | null;
  /** Share of runs that ought to be named right. */
  readonly namedTarget: number | null;
  /** Error of a parameter, as a share or in a unit of its own; null where nothing is measured. */
  readonly parameter?: {
    readonly what: string;
    readonly target: number;
    readonly error: (fault: Fault) => number;
  };
  /** The seconds after the onset before which the fault must be known, where that is not the same in every run. */
  readonly mustPrecede?: (random: FastRandom) => number;
}
