import type { RackFault, RackHealth } from '../../core/verdict.ts';
import { faultCertainty, rackFaultPhrase } from '../../words/fault-words.ts';
import { isRackWide } from './fault-order.ts';
import { finding, rankOfMany, worstOf, type Help, type Ranked } from './finding.ts';
import { NARROW_SPACE } from './number-words.ts';
import { troublesOf } from './trouble.ts';

const REPORTS_HELP: Help = {
  text: 'Is “netwatch rack” running there, and does it reach this controller? What to do.',
  path: '/runbooks/rack-not-reporting',
};

/** What a rack has itself: a line a fault, and nothing for each of its servers. */
export function rackFaultFindings(rack: RackHealth): readonly Ranked[] {
  return rack.faults.length === 0 ? nameless(rack) : rack.faults.map((fault) => rackFault(rack, fault));
}

/** That a rack does not report. */
export function silentRack({ rack_id: rackId, last_report: last }: RackHealth): Ranked {
  return finding({
    key: `${rackId}/reports`,
    rackId,
    who: `Rack ${rackId}`,
    status: 'silent',
    what: last === null ? 'it has never reported to this controller' : 'it has not reported',
    since: last,
    help: REPORTS_HELP,
    rank: 5,
    weight: 1,
  });
}

/** What most servers have is one line; it is as ill as they are, where they have nothing besides. */
function rackFault(rack: RackHealth, fault: RackFault): Ranked {
  const members = new Set(fault.server_ids);
  const statuses = rack.servers
    .filter((verdict) => members.has(verdict.server_id) && troublesOf(verdict).length === 0)
    .map(({ status }) => status);
  const status = worstOf([fault.severity === 'info' ? 'healthy' : fault.severity, ...statuses]);
  return finding({
    key: `${rack.rack_id}/fault/${fault.kind}`,
    rackId: rack.rack_id,
    who: `Rack ${rack.rack_id}`,
    status,
    what: rackFaultPhrase(fault, rack.servers.length, NARROW_SPACE),
    since: fault.since,
    certainty: faultCertainty(fault, NARROW_SPACE),
    rank: rankOfMany(status),
    weight: fault.parameters['servers'] ?? fault.server_ids.length,
  });
}

/** A rack of another version does not name what its servers have in common. */
function nameless(rack: RackHealth): readonly Ranked[] {
  const members = rack.servers.filter((verdict) => isRackWide(verdict) && troublesOf(verdict).length === 0);
  if (members.length === 0) return [];
  const statuses = members.map(({ status }) => status);
  const since = Math.min(...members.flatMap(({ faults }) => faults.map((fault) => fault.since)));
  const [rackId, weight] = [rack.rack_id, members.length];
  const who = `Rack ${rackId}, ${weight} of ${rack.servers.length} servers`;
  const status = worstOf(statuses);
  const what = 'the same trouble at once, the rack or its link';
  return [finding({ key: `${rackId}/fault`, rackId, who, status, what, since, rank: rankOfMany(status), weight })];
}
