import { serverError } from '../../core/health.ts';
import type { DatacenterHealth, RackHealth, Verdict } from '../../core/verdict.ts';
import { isIll, type ShownStatus } from '../status/shown-status.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { begunAt, type Since } from './begun-at.ts';
import { isGrave } from './fault-order.ts';
import { finding, RANK, rankOfMany, worstOf, type Finding, type Ranked } from './finding.ts';
import { rackFaultFindings, silentRack } from './rack-findings.ts';
import { serverWords } from './server-words.ts';
import { troublesOf, type Trouble } from './trouble.ts';

/** From so many servers of a rack on, one sentence tells of all that have the same trouble, if they are half of it. */
const GROUP_SIZE = 3;

/** What is wrong with the tree, worst first. `events`, newest first, tell since when. */
export function findingsOf(tree: DatacenterHealth, events: readonly DatacenterEvent[]): readonly Finding[] {
  const since = begunAt(events);
  return tree.racks
    .flatMap((rack) => rackFindings(rack, since))
    .toSorted((a, b) => b.rank - a.rank || b.weight - a.weight);
}

function rackFindings(rack: RackHealth, since: Since): readonly Ranked[] {
  if (rack.status === 'silent') return [silentRack(rack)];
  const members = rack.servers.flatMap((verdict) =>
    // What is only worth a look is not told beside what makes ill: the server's page has it.
    troublesOf(verdict).flatMap((trouble) =>
      isGrave(trouble) || !isIll(verdict.status) ? [{ verdict, trouble }] : [],
    ),
  );
  const byKind = Map.groupBy(members, ({ trouble }) => `${trouble.kind}/${isGrave(trouble)}`);
  return [
    ...rackFaultFindings(rack),
    ...[...byKind.values()].flatMap((alike) =>
      alike.length >= GROUP_SIZE && alike.length * 2 >= rack.servers.length
        ? [groupFinding(rack, alike, since)]
        : alike.map((member) => serverFinding(member, since)),
    ),
  ];
}

interface Member {
  readonly verdict: Verdict;
  readonly trouble: Trouble;
}

function groupFinding(rack: RackHealth, members: readonly Member[], since: Since): Ranked {
  const worst = members.reduce((a, b) => (b.trouble.size > a.trouble.size ? b : a));
  const isAll = members.length === rack.servers.length;
  const count = isAll ? `all ${members.length} servers` : `${members.length} of ${rack.servers.length} servers`;
  const times = members
    .map(({ verdict, trouble }) => trouble.since ?? since(rack.rack_id, verdict.server_id))
    .filter((at) => at !== null);
  const status = worstOf(members.map(statusOf));
  const { kind, word, certainty } = worst.trouble;
  const isNote = !isGrave(worst.trouble);
  // What the rack did not name as its own fault did not come over them at once.
  const blame = certainty === null ? ', the rack or its link' : '';
  return finding({
    key: `${rack.rack_id}/${kind}/${isNote}`,
    rackId: rack.rack_id,
    who: `Rack ${rack.rack_id}, ${count}`,
    status,
    what:
      kind === 'silent' ? 'nothing is heard of them' : `${isNote ? 'healthy, but ' : ''}${word} at the worst${blame}`,
    since: times.length === 0 ? null : Math.min(...times),
    certainty,
    rank: rankOfMany(status),
    weight: members.length,
  });
}

function serverFinding({ verdict, trouble }: Member, since: Since): Ranked {
  const { rack_id: rackId, server_id: serverId, name, last_heard: heard } = verdict;
  const status = statusOf({ verdict, trouble });
  return finding({
    // One that goes on under another name is another: a measure becomes a fault.
    key: trouble.certainty === null ? `${rackId}/${serverId}` : `${rackId}/${serverId}/${trouble.kind}`,
    rackId,
    serverId,
    who: serverWords(rackId, serverId, name),
    status,
    what: verdict.status === 'healthy' ? `healthy, but ${trouble.clause}` : trouble.clause,
    since: trouble.since ?? since(rackId, serverId) ?? (status === 'silent' ? heard : null),
    certainty: trouble.certainty,
    rank: RANK[status],
    // To a tenth: two that are about as ill do not change places every second.
    weight: Math.round((serverError(verdict) ?? 0) * 10),
  });
}

/** A trouble as a status: what is worth a look is healthy. */
function statusOf({ verdict: { status }, trouble: { kind, severity } }: Member): ShownStatus {
  if (kind === 'silent') return status === 'silent' ? status : 'critical';
  return severity === 'info' ? 'healthy' : severity;
}
