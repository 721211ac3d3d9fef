import type { DatacenterHealth, Fault, RackHealth } from '../core/verdict.ts';
import type { Finding } from './finding.ts';
import { countText, millisecondsText } from './number-text.ts';

/** From so many racks on, one sentence tells of all: then it is the machine they share. */
const GROUP_SIZE = 3;
/** More would not fit 80 columns. */
const MAX_NAMED = 4;

/** A rack whose controller was late, and what its servers' verdicts say of that. */
interface LateRack {
  readonly rack: RackHealth;
  readonly faults: readonly Fault[];
}

/**
 * Whose verdicts are in doubt because the rack controller itself was late (the fault `observer`): at most two sentences,
 * none when all were in time. It is no fault of a server, so that a server may well be healthy with it.
 */
export function findLateObservers({ racks }: DatacenterHealth): readonly Finding[] {
  const late = racks
    .filter(({ status }) => status !== 'silent')
    .map((rack): LateRack => ({ rack, faults: rack.servers.flatMap(observerFaults) }))
    .filter(({ faults }) => faults.length > 0);
  return late.length < GROUP_SIZE ? late.map((one) => lateFinding([one])) : [lateFinding(late)];
}

function observerFaults({ faults }: { readonly faults: readonly Fault[] }): readonly Fault[] {
  return faults.filter(({ kind }) => kind === 'observer').slice(0, 1);
}

function lateFinding(late: readonly LateRack[]): Finding {
  const faults = late.flatMap((one) => one.faults);
  const servers = late.reduce((sum, { rack }) => sum + rack.servers.length, 0);
  const who = late.length === 1 ? 'its controller was late itself' : 'controllers late themselves';
  const worst = Math.max(...faults.map(({ parameters }) => parameters.lag_seconds ?? 0));
  return {
    glyph: '·',
    tone: 'dim',
    text: `${racksText(late)}: ${who} (observer) on ${faults.length} of ${countText(servers, 'server')}`,
    details: [...(worst > 0 ? [`by ${millisecondsText(worst)} ms`] : []), 'small errors and jitter may be of that'],
  };
}

/** `rack 0`, `racks 0, 1, 2`, `40 racks`. */
function racksText(late: readonly LateRack[]): string {
  if (late.length > MAX_NAMED) return countText(late.length, 'rack');
  return `rack${late.length === 1 ? '' : 's'} ${late.map(({ rack }) => rack.rack_id).join(', ')}`;
}
