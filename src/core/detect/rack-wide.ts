import type { Fault, FaultKind, RackFault, Severity, SharedFaultKind, Verdict } from '../verdict.ts';
import { SEVERITIES, SHARED_FAULT_KINDS } from '../verdict.ts';

/** A share of the servers that were heard, and a number of them, from which on the rack is to blame. */
const MIN_SHARE = 0.5;
const MIN_SERVERS = 3;
/** What began within this of one another began at once. */
const AT_ONCE_SECONDS = 2;

/** What a rack's servers have in common. */
export interface RackFaults {
  /** The verdicts; what is blamed on the rack stands in each as `rack-wide`, in place of the fault it was. */
  readonly verdicts: readonly Verdict[];
  /** One fault for each kind that came over most servers at once. */
  readonly faults: readonly RackFault[];
}

/**
 * Separates what came over most servers of a rack at once, the fault of the rack or its link, from what is a server's
 * own. Most: at least half of those that can be judged, and three. At once: all within 2 s of their median onset.
 */
export function separateRackFaults(verdicts: readonly Verdict[]): RackFaults {
  const judged = verdicts.filter(({ status }) => status !== 'warming').length;
  const least = Math.max(MIN_SERVERS, MIN_SHARE * judged);
  const faults: RackFault[] = [];
  for (const kind of SHARED_FAULT_KINDS) {
    const fault = commonFault(kind, verdicts, least);
    if (fault !== null) faults.push(fault);
  }
  return faults.length === 0 ? { verdicts, faults } : { verdicts: verdicts.map((one) => without(one, faults)), faults };
}

function commonFault(kind: SharedFaultKind, verdicts: readonly Verdict[], least: number): RackFault | null {
  const all = verdicts.flatMap(({ server_id, faults }) =>
    faults.filter((fault) => fault.kind === kind).map((fault) => ({ serverId: server_id, fault })),
  );
  if (all.length < least) return null;
  const since = median(all.map(({ fault }) => fault.since));
  const members = all.filter(({ fault }) => Math.abs(fault.since - since) <= AT_ONCE_SECONDS);
  if (members.length < least) return null;
  const names = Object.keys(members[0]?.fault.parameters ?? {});
  return {
    kind,
    since,
    severity: worst(members.map(({ fault }) => fault.severity)),
    confidence: median(members.map(({ fault }) => fault.confidence)),
    parameters: {
      servers: members.length,
      ...Object.fromEntries(
        names.map((name) => [name, median(members.map(({ fault }) => fault.parameters[name] ?? 0))]),
      ),
    },
    server_ids: members.map(({ serverId }) => serverId),
  };
}

/** The verdict with what is blamed on the rack as one fault `rack-wide`, with the figures of the first such fault. */
function without(verdict: Verdict, common: readonly RackFault[]): Verdict {
  const blamed = common.filter(({ server_ids: ids }) => ids.includes(verdict.server_id));
  if (blamed.length === 0) return verdict;
  const kinds = new Set<FaultKind>(blamed.map(({ kind }) => kind));
  const [first] = blamed;
  const own = verdict.faults.filter(({ kind }) => !kinds.has(kind));
  if (first === undefined) return verdict;
  const rackWide: Fault = {
    kind: 'rack-wide',
    since: Math.min(...blamed.map(({ since }) => since)),
    severity: worst(verdict.faults.filter(({ kind }) => kinds.has(kind)).map(({ severity }) => severity)),
    confidence: first.confidence,
    parameters: first.parameters,
  };
  return { ...verdict, faults: [...own, rackWide] };
}

function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES[Math.max(...severities.map((severity) => SEVERITIES.indexOf(severity)))] ?? 'info';
}

/** One of the values: of an even number of them the lower of the two in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN;
}
