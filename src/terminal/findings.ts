import { serverError } from '../core/health.ts';
import type { DatacenterHealth, Fault, FaultKind, RackHealth, Severity, Verdict } from '../core/verdict.ts';
import type { Tone } from './line.ts';
import { countText, durationText, errorText, millisecondsText, percentText, timeText } from './number-text.ts';
import { serverText } from './server-label.ts';
import { STATUS_MARKS } from './status-mark.ts';

/** One sentence about what is wrong: what must be said, and what may be added while there is room, in that order. */
export interface Finding {
  readonly glyph: string;
  readonly tone: Tone;
  readonly text: string;
  readonly details: readonly string[];
}

/** A finding with what it is sorted by: its class, then how much it counts in the score. */
interface Ranked extends Finding {
  readonly rank: number;
  readonly weight: number;
}

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

// From so many servers of a rack on, one sentence tells of all that share a cause.
const GROUP_SIZE = 3;
const NOTABLE_SECONDS = 0.01;
/** Faults that a number of the verdict shows. */
const MEASURED_FAULTS: ReadonlySet<FaultKind> = new Set(['loss', 'delay-shift', 'jitter']);

/** What is wrong with the tree, worst first; empty when nothing is. `now` in Unix seconds. */
export function findFaults(tree: DatacenterHealth, now: number): readonly Finding[] {
  return tree.racks
    .flatMap((rack) => rackFindings(rack, now))
    .toSorted((a, b) => b.rank - a.rank || b.weight - a.weight);
}

/** What to say when nothing is wrong. */
export function allWellText(tree: DatacenterHealth): string {
  const servers = tree.racks.flatMap((rack) => rack.servers);
  if (tree.racks.length === 0) return 'No rack has reported yet.';
  if (servers.length === 0) return `${countText(tree.racks.length, 'rack')} known, no server heard yet.`;
  const warming = servers.filter(({ status }) => status === 'warming').length;
  if (warming > 0)
    return `Warming up: ${warming} of ${countText(servers.length, 'server')} not heard long enough to judge yet.`;
  const worst = servers.reduce((a, b) => ((b.spectral_error ?? 0) > (a.spectral_error ?? 0) ? b : a));
  const largest = `the largest error is ${errorText(worst.spectral_error)}, ${serverText(worst)}`;
  return servers.length === 1 ? 'The one server is healthy.' : `All ${servers.length} servers are healthy; ${largest}.`;
}

function rackFindings(rack: RackHealth, now: number): readonly Ranked[] {
  if (rack.status === 'silent') return [silentRack(rack, now)];
  const told = new Set<Verdict>();
  const groups: Ranked[] = [];
  const group = (members: readonly Verdict[], say: (members: readonly Verdict[]) => Ranked) => {
    if (members.length < GROUP_SIZE) return;
    groups.push(say(members));
    for (const member of members) told.add(member);
  };
  group(
    rack.servers.filter(({ status }) => status === 'silent'),
    (members) => silentServers(rack, members, now),
  );
  group(
    rack.servers.filter((verdict) => isBad(verdict) && verdict.faults.some(({ kind }) => kind === 'rack-wide')),
    (members) => rackWide(rack, members),
  );
  const single = rack.servers.filter((verdict) => isBad(verdict) && !told.has(verdict));
  return [...groups, ...single.map((verdict) => serverFinding(verdict, now))];
}

function silentRack(rack: RackHealth, now: number): Ranked {
  const last = rack.last_report;
  const since = last === null ? 'none came yet' : `the last one ${durationText(now - last)} ago, at ${timeText(last)}`;
  return {
    ...STATUS_MARKS.silent,
    rank: 5,
    weight: 1,
    details: [],
    text: `rack ${rack.rack_id}: its reports stopped, ${since}`,
  };
}

function silentServers(rack: RackHealth, members: readonly Verdict[], now: number): Ranked {
  const heard = Math.max(...members.map(({ last_heard: last }) => last ?? -Infinity));
  const ids = members.length > 8 ? '' : ` (${members.map(({ server_id: id }) => id).join(', ')})`;
  const who =
    members.length === rack.servers.length
      ? `all ${members.length} servers silent`
      : `${members.length} of ${rack.servers.length} servers silent${ids}`;
  const since = heard === -Infinity ? 'never heard' : `last heard ${durationText(now - heard)} ago`;
  return {
    ...STATUS_MARKS.silent,
    rank: 4,
    weight: members.length,
    details: [],
    text: `rack ${rack.rack_id}: ${who}, ${since}`,
  };
}

function rackWide(rack: RackHealth, members: readonly Verdict[]): Ranked {
  const worst = Math.max(...members.map(weightOf));
  const who = `${members.length} of ${rack.servers.length} servers`;
  const text = `rack ${rack.rack_id}: ${who} impaired at once, the rack or its link, worst error ${shortError(worst)}`;
  return { ...STATUS_MARKS.critical, rank: 4, weight: members.length, details: [], text };
}

function serverFinding(verdict: Verdict, now: number): Ranked {
  return {
    ...STATUS_MARKS[verdict.status],
    rank: verdict.status === 'warning' ? 2 : 3,
    weight: weightOf(verdict),
    text: `${serverText(verdict)}: ${verdict.status}`,
    details: verdict.status === 'silent' ? [heardText(verdict, now, 'last heard')] : impairedFacts(verdict, now),
  };
}

function impairedFacts(verdict: Verdict, now: number): readonly string[] {
  const { spectral_error: error, loss_ratio: loss, delay_seconds: delay, jitter_seconds: jitter } = verdict;
  const facts: string[] = [];
  const fault = worstFault(verdict.faults);
  // The time since a fault stands beside the measure that shows it, or else with its name.
  const since = (kind?: FaultKind): string =>
    fault !== undefined && (kind === undefined || fault.kind === kind) ? ` for ${durationText(now - fault.since)}` : '';
  const isNotable = (seconds: number, kind: FaultKind): boolean =>
    Math.abs(seconds) >= NOTABLE_SECONDS || fault?.kind === kind;

  if (error !== null) facts.push(`error ${shortError(error)}`);
  if (loss !== null && (loss > 0 || fault?.kind === 'loss')) {
    facts.push(`loss ${loss < 0.1 ? percentText(loss) : Math.round(loss * 100)} %${since('loss')}`);
  }
  if (fault !== undefined && !MEASURED_FAULTS.has(fault.kind)) facts.push(`${fault.kind}${since()}`);
  if (delay !== null && isNotable(delay, 'delay-shift'))
    facts.push(`delay ${signedMs(delay)} ms${since('delay-shift')}`);
  if (jitter !== null && isNotable(jitter, 'jitter'))
    facts.push(`jitter ${millisecondsText(jitter)} ms${since('jitter')}`);
  return [...facts, heardText(verdict, now, 'heard')];
}

function heardText({ last_heard: heard }: Verdict, now: number, word: string): string {
  if (heard === null) return 'never heard';
  return `${word} ${now - heard < 0.05 ? '< 0.1 s' : durationText(now - heard)} ago`;
}

function isBad({ status }: Verdict): boolean {
  return status === 'warning' || status === 'critical' || status === 'silent';
}

function weightOf(verdict: Verdict): number {
  return serverError(verdict) ?? 0;
}

function worstFault(faults: readonly Fault[]): Fault | undefined {
  return faults.toSorted((a, b) => SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] || a.since - b.since)[0];
}

function shortError(error: number): string {
  return String(Number(error.toPrecision(2)));
}

function signedMs(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${millisecondsText(Math.abs(seconds))}`;
}
