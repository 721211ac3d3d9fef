import type { RackFault, RackHealth, Severity } from '../core/verdict.ts';
import { rackFaultPhrase } from '../words/fault-words.ts';
import { faultDetails } from './fault-facts.ts';
import { RANK, type RankedFinding, SEVERITY_MARKS } from './finding.ts';

/** More would not fit a line. */
const MAX_NAMED = 8;

const RANKS: Readonly<Record<Severity, number>> = {
  info: RANK.rackInfo,
  warning: RANK.rackWarning,
  critical: RANK.rackIll,
};

/** The faults of a rack itself, a sentence each: `rack 2: delay +5.0 ms on 4 of 8 servers`. `now` in Unix seconds. */
export function rackFaultFindings(rack: RackHealth, now: number): readonly RankedFinding[] {
  return rack.faults.map((fault) => ({
    ...SEVERITY_MARKS[fault.severity],
    rank: RANKS[fault.severity],
    weight: fault.server_ids.length,
    text: `rack ${rack.rack_id}: ${rackFaultPhrase(fault, rack.servers.length)}`,
    details: [...faultDetails(fault, now), 'the rack or its link', ...namedServers(fault, rack)],
  }));
}

function namedServers({ server_ids: ids }: RackFault, rack: RackHealth): readonly string[] {
  const isWorthIt = ids.length < rack.servers.length && ids.length <= MAX_NAMED;
  return isWorthIt ? [`servers ${ids.join(', ')}`] : [];
}
