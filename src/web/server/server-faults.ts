import type { RackHealth, Verdict } from '../../core/verdict.ts';
import { faultPhrase } from '../../words/fault-words.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { faultTimes, type FaultTime } from '../store/fault-times.ts';
import { ownFaults, sharedFaults } from '../words/fault-order.ts';
import { NARROW_SPACE } from '../words/number-words.ts';

/** A fault that a server has or had, itself or with its rack. */
export interface ServerFault extends FaultTime {
  /** `loss 5.2 %`, `rack: delay +5.0 ms`. */
  readonly words: string;
}

/** What is known of a server and its rack. */
export interface KnownOfServer {
  readonly verdict: Verdict | null;
  /** Null while it is not known. */
  readonly rack: Pick<RackHealth, 'faults'> | null;
  /** Newest first. */
  readonly events: readonly DatacenterEvent[];
}

/** What a server has with its rack began at once with what the rack has: within this of it. */
const AT_ONCE_SECONDS = 2;

/**
 * A server's faults, now and lately, in the order in which they began. What its rack has now is among them if the server
 * has it; what the rack had is, too: then it was most of its servers, and nobody remembers which.
 */
export function serverFaults(
  { rackId, serverId }: { readonly rackId: number; readonly serverId: number },
  { verdict, rack, events }: KnownOfServer,
): readonly ServerFault[] {
  const shared = verdict === null ? [] : sharedFaults(verdict, rack?.faults ?? []);
  const ofRack = faultTimes({ rackId, serverId: null }, { active: shared, events }).filter(
    ({ fault, until }) =>
      fault.kind !== 'observer' && (until !== null || shared.some(({ kind }) => kind === fault.kind)),
  );
  // One that was the server's for the moment that it takes to see that it is the rack's is told once.
  const isOfRack = ({ fault }: FaultTime): boolean =>
    ofRack.some(({ fault: of }) => of.kind === fault.kind && Math.abs(of.since - fault.since) <= AT_ONCE_SECONDS);
  const own = faultTimes({ rackId, serverId }, { active: verdict === null ? [] : ownFaults(verdict), events });
  return [
    ...own.filter((time) => !isOfRack(time)).map((time) => ({ ...time, words: faultPhrase(time.fault, NARROW_SPACE) })),
    ...ofRack.map((time) => ({ ...time, words: `rack: ${faultPhrase(time.fault, NARROW_SPACE)}` })),
  ].toSorted((a, b) => a.fault.since - b.fault.since);
}
