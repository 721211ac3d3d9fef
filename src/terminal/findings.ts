import { serverError } from '../core/health.ts';
import type { DatacenterHealth, FaultKind, RackHealth, Verdict } from '../core/verdict.ts';
import { faultPhrase } from '../words/fault-words.ts';
import { faultDetails, furtherFault, ownFaults } from './fault-facts.ts';
import { type Detail, RANK, type RankedFinding, SEVERITY_MARKS } from './finding.ts';
import { countText, durationText, errorText, millisecondsText, percentText } from './number-text.ts';
import { rackFaultFindings } from './rack-fault-findings.ts';
import { serverText } from './server-label.ts';
import { silentRack, silentServers } from './silence-findings.ts';
import { STATUS_MARKS } from './status-mark.ts';

// From so many servers of a rack on, one sentence tells of all that share a cause.
const GROUP_SIZE = 3;
const NOTABLE_SECONDS = 0.01;
/** Faults that say what a measure of the verdict would say. */
const SAYS_LOSS: readonly FaultKind[] = ['loss', 'burst-loss', 'periodic-loss'];
const SAYS_DELAY: readonly FaultKind[] = ['delay-shift', 'periodic-delay', 'congestion'];
const SAYS_JITTER: readonly FaultKind[] = ['jitter', 'periodic-delay', 'congestion'];

/**
 * What there is to say of the tree, worst first, what is told of healthy servers last; empty when there is nothing.
 * `now` in Unix seconds.
 */
export function findFaults(tree: DatacenterHealth, now: number): readonly RankedFinding[] {
  return tree.racks
    .flatMap((rack) => rackFindings(rack, now))
    .toSorted((a, b) => b.rank - a.rank || b.weight - a.weight);
}

/** False of what is told of servers that are well all the same. */
export function isOfIll({ rank }: RankedFinding): boolean {
  return rank > RANK.rackInfo;
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

function rackFindings(rack: RackHealth, now: number): readonly RankedFinding[] {
  if (rack.status === 'silent') return [silentRack(rack, now)];
  const told = new Set<Verdict>();
  const groups: RankedFinding[] = [];
  const group = (members: readonly Verdict[], say: (members: readonly Verdict[]) => RankedFinding) => {
    if (members.length < GROUP_SIZE) return;
    groups.push(say(members));
    for (const member of members) told.add(member);
  };
  group(
    rack.servers.filter(({ status }) => status === 'silent'),
    (members) => silentServers(rack, members, now),
  );
  const isSilenceTold = told.size > 0;
  const shared = rackFaultFindings(rack, now).filter((_, i) => !(isSilenceTold && rack.faults[i]?.kind === 'silent'));
  for (const verdict of rack.servers) if (isToldOfRack(rack, verdict)) told.add(verdict);
  // A rack may say of its servers that they share a fault, and not say which.
  group(
    rack.servers.filter((verdict) => !told.has(verdict) && isBad(verdict) && hasKind(verdict, 'rack-wide')),
    (members) => rackWide(rack, members),
  );
  const single = rack.servers.filter(
    (verdict) => !told.has(verdict) && (isBad(verdict) || ownFaults(verdict.faults).length > 0),
  );
  return [...groups, ...shared, ...single.map((verdict) => serverFinding(verdict, now))];
}

/** True when all that is wrong with a server is what its rack has. */
function isToldOfRack(rack: RackHealth, verdict: Verdict): boolean {
  return rack.faults.length > 0 && hasKind(verdict, 'rack-wide') && ownFaults(verdict.faults).length === 0;
}

function hasKind({ faults }: Verdict, kind: FaultKind): boolean {
  return faults.some((fault) => fault.kind === kind);
}

function rackWide(rack: RackHealth, members: readonly Verdict[]): RankedFinding {
  const worst = Math.max(...members.map(weightOf));
  const who = `${members.length} of ${rack.servers.length} servers`;
  const text = `rack ${rack.rack_id}: ${who} impaired at once, the rack or its link, worst error ${shortError(worst)}`;
  return { ...STATUS_MARKS.critical, rank: RANK.rackIll, weight: members.length, details: [], text };
}

function serverFinding(verdict: Verdict, now: number): RankedFinding {
  const [fault] = ownFaults(verdict.faults);
  const { status } = verdict;
  const rank = status === 'warning' ? RANK.warning : isBad(verdict) ? RANK.ill : RANK.info;
  const mark = fault !== undefined && rank === RANK.info ? SEVERITY_MARKS[fault.severity] : STATUS_MARKS[status];
  const said = status === 'silent' || fault === undefined ? status : faultPhrase(fault);
  return {
    ...mark,
    rank,
    weight: weightOf(verdict),
    text: `${serverText(verdict)}: ${said}`,
    details: status === 'silent' ? [heardText(verdict, now, 'last heard')] : serverDetails(verdict, now),
  };
}

/** The status is in the mark; it is said besides where the worst fault is no reason for it. */
function serverDetails(verdict: Verdict, now: number): readonly Detail[] {
  const [worst, ...others] = ownFaults(verdict.faults);
  const { spectral_error: error, status } = verdict;
  return [
    ...(worst === undefined ? [] : faultDetails(worst, now)),
    ...(worst !== undefined && isBad(verdict) && worst.severity !== status ? [status] : []),
    ...others.map((fault) => furtherFault(fault, now)),
    ...(error === null ? [] : [`error ${shortError(error)}`]),
    ...measures(verdict),
    heardText(verdict, now, 'heard'),
  ];
}

/** What was measured and is worth a word, unless a fault says it. */
function measures({ loss_ratio: loss, delay_seconds: delay, jitter_seconds: jitter, faults }: Verdict): string[] {
  const isSaid = (kinds: readonly FaultKind[]): boolean => faults.some(({ kind }) => kinds.includes(kind));
  const facts: string[] = [];
  if (loss !== null && loss > 0 && !isSaid(SAYS_LOSS)) {
    facts.push(`loss ${loss < 0.1 ? percentText(loss) : Math.round(loss * 100)} %`);
  }
  if (delay !== null && Math.abs(delay) >= NOTABLE_SECONDS && !isSaid(SAYS_DELAY))
    facts.push(`delay ${signedMs(delay)} ms`);
  if (jitter !== null && jitter >= NOTABLE_SECONDS && !isSaid(SAYS_JITTER))
    facts.push(`jitter ${millisecondsText(jitter)} ms`);
  return facts;
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

function shortError(error: number): string {
  return String(Number(error.toPrecision(2)));
}

function signedMs(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${millisecondsText(Math.abs(seconds))}`;
}
