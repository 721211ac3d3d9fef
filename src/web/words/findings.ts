import { serverError } from '../../core/health.ts';
import type { DatacenterHealth, RackHealth, Verdict } from '../../core/verdict.ts';
import { agoWords, timeWords } from './number-words.ts';
import { isIll, type ShownStatus } from '../status/shown-status.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { serverWords } from './server-words.ts';
import { errorWords, notableOf, troubleOf, type Trouble } from './trouble.ts';

/** One sentence of what is wrong. */
export interface Finding {
  /** The same as long as it is about the same, whatever is measured meanwhile. */
  readonly key: string;
  readonly rackId: number;
  /** Null: several servers of the rack, or all of it. */
  readonly serverId: number | null;
  readonly status: ShownStatus;
  /** `Rack 2, server 5 (db-17)`. */
  readonly who: string;
  /** `20.3 % of its packets are lost`. */
  readonly what: string;
  /** Unix seconds since when; null where it is not remembered. */
  readonly since: number | null;
  readonly certainty: string | null;
  /** Where it is told what to do; null: nowhere. */
  readonly help: Help | null;
}

/** What to do, and the page that says more. */
export interface Help {
  readonly text: string;
  /** Path of a page of the controller. */
  readonly path: string;
}

interface Ranked extends Finding {
  readonly rank: number;
  readonly weight: number;
}

/** From so many servers of a rack on, one sentence tells of all that have the same trouble, if they are half of it. */
const GROUP_SIZE = 3;

const REPORTS_HELP: Help = {
  text: 'Is “netwatch rack” running there, and does it reach this controller? What to do.',
  path: '/runbooks/rack-not-reporting',
};

const RANK: Readonly<Record<ShownStatus, number>> = {
  healthy: 0,
  warming: 0,
  unknown: 0,
  warning: 1,
  critical: 2,
  silent: 3,
};

/** What is wrong with the tree, worst first. `events`, newest first, tell since when. */
export function findingsOf(tree: DatacenterHealth, events: readonly DatacenterEvent[]): readonly Finding[] {
  const since = begunAt(events);
  return tree.racks
    .flatMap((rack) => rackFindings(rack, since))
    .toSorted((a, b) => b.rank - a.rank || b.weight - a.weight);
}

/** The whole sentence, for who hears it and for a tooltip. `now`: Unix seconds. */
export function sentenceOf({ who, what, since, certainty }: Finding, now: number): string {
  const when = since === null ? '' : ` since ${timeWords(since)}, for ${agoWords(now - since)}`;
  return `${who}: ${what}${when}${certainty === null ? '' : `; ${certainty}`}.`;
}

/** What to say when nothing is wrong. */
export function allWellWords(tree: DatacenterHealth): string {
  const servers = tree.racks.flatMap((rack) => rack.servers);
  const awaited = tree.racks.filter(({ status, last_report: last }) => status === 'warming' && last === null).length;
  if (awaited > 0) return `${awaited} of ${tree.racks.length} racks did not report yet.`;
  if (servers.length === 0) return 'No server has been heard yet.';
  const warming = servers.filter(({ status }) => status === 'warming').length;
  if (warming === 1) return `1 of ${servers.length} servers was not heard long enough to judge it yet.`;
  if (warming > 0) return `${warming} of ${servers.length} servers were not heard long enough to judge them yet.`;
  return servers.length === 1 ? 'The one server is healthy.' : `All ${servers.length} servers are healthy.`;
}

/** Of healthy servers the one that is least so: `The largest error is 0.003: Rack 2, server 5 (db-17).` */
export function largestErrorWords(tree: DatacenterHealth): string {
  const servers = tree.racks.flatMap((rack) => rack.servers).filter(({ spectral_error: error }) => error !== null);
  const [first] = servers;
  if (first === undefined) return '';
  const worst = servers.reduce((a, b) => ((b.spectral_error ?? 0) > (a.spectral_error ?? 0) ? b : a), first);
  const who = serverWords(worst.rack_id, worst.server_id, worst.name);
  return `The largest error is ${errorWords(worst.spectral_error ?? 0)}: ${who}.`;
}

function rackFindings(rack: RackHealth, since: Since): readonly Ranked[] {
  const rackId = rack.rack_id;
  if (rack.status === 'silent') {
    const last = rack.last_report;
    const what = last === null ? 'it has never reported to this controller' : 'it has not reported';
    const key = `${rackId}/reports`;
    const who = `Rack ${rackId}`;
    const help = REPORTS_HELP;
    return [finding({ key, rackId, who, status: 'silent', what, since: last, help, rank: 5, weight: 1 })];
  }
  const byKind = Map.groupBy(
    rack.servers.flatMap((verdict) => {
      const trouble = isIll(verdict.status) ? troubleOf(verdict) : notableOf(verdict);
      return trouble === null ? [] : [{ verdict, trouble }];
    }),
    ({ verdict, trouble }) => `${trouble.kind}/${isIll(verdict.status)}`,
  );
  return [...byKind.values()].flatMap((members) =>
    members.length >= GROUP_SIZE && members.length * 2 >= rack.servers.length
      ? [groupFinding(rack, members, since)]
      : members.map((member) => serverFinding(member, since)),
  );
}

interface Member {
  readonly verdict: Verdict;
  readonly trouble: Trouble;
}

function groupFinding(rack: RackHealth, members: readonly Member[], since: Since): Ranked {
  const worst = members.reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));
  const isAll = members.length === rack.servers.length;
  const count = isAll ? `all ${members.length} servers` : `${members.length} of ${rack.servers.length} servers`;
  const times = members
    .map(({ verdict, trouble }) => trouble.since ?? since(rack.rack_id, verdict.server_id))
    .filter((at) => at !== null);
  const { kind, word, certainty } = worst.trouble;
  const isHealthy = worst.verdict.status === 'healthy';
  return finding({
    key: `${rack.rack_id}/${kind}/${isHealthy}`,
    rackId: rack.rack_id,
    who: `Rack ${rack.rack_id}, ${count}`,
    status: members.some(({ verdict }) => verdict.status === 'critical') ? 'critical' : worst.verdict.status,
    what:
      kind === 'silent'
        ? 'nothing is heard of them'
        : `${isHealthy ? 'healthy, but ' : ''}${word} at the worst, the rack or its link`,
    since: times.length === 0 ? null : Math.min(...times),
    certainty,
    rank: isHealthy ? RANK.healthy : 4,
    weight: members.length,
  });
}

function serverFinding({ verdict, trouble }: Member, since: Since): Ranked {
  const { rack_id: rackId, server_id: serverId, status, name } = verdict;
  return finding({
    key: `${rackId}/${serverId}`,
    rackId,
    serverId,
    who: serverWords(rackId, serverId, name),
    status,
    what: trouble.clause,
    since: trouble.since ?? since(rackId, serverId) ?? (status === 'silent' ? verdict.last_heard : null),
    certainty: trouble.certainty,
    rank: RANK[status],
    // To a tenth: two that are about as ill do not change places every second.
    weight: Math.round(weightOf(verdict) * 10),
  });
}

function finding(
  of: Pick<Ranked, 'key' | 'rackId' | 'who' | 'status' | 'what' | 'since' | 'rank' | 'weight'> & Partial<Ranked>,
): Ranked {
  return { serverId: null, certainty: null, help: null, ...of };
}

/** How bad it is among those that have the same trouble: by its measure if it has one. */
function sizeOf({ verdict, trouble }: Member): number {
  const { loss_ratio: loss, jitter_seconds: jitter, delay_seconds: delay } = verdict;
  if (trouble.kind === 'loss') return loss ?? 0;
  if (trouble.kind === 'jitter') return jitter ?? 0;
  return trouble.kind === 'delay-shift' ? Math.abs(delay ?? 0) : weightOf(verdict);
}

function weightOf(verdict: Verdict): number {
  return serverError(verdict) ?? 0;
}

type Since = (rackId: number, serverId: number | null) => number | null;

/** When what is ill now ceased to be well, as far as the events remember. */
function begunAt(events: readonly DatacenterEvent[]): Since {
  const begun = new Map<string, number>();
  for (const event of events.toReversed()) {
    if (event.scope !== 'server' && event.scope !== 'rack') continue;
    const subject = `${event.rack_id}/${event.server_id}`;
    if (event.to === 'healthy' || event.to === 'warming') begun.delete(subject);
    else if (!begun.has(subject)) begun.set(subject, event.timestamp);
  }
  return (rackId, serverId) => begun.get(`${rackId}/${serverId}`) ?? null;
}
