import assert from 'node:assert/strict';
import { rackScore } from '../../src/core/health.ts';
import type { RackFault, RackHealth, SharedFaultKind, Verdict } from '../../src/core/verdict.ts';
import { Aggregate, type AggregateOptions } from '../../src/datacenter/aggregate.ts';
import type { Receipt } from '../../src/datacenter/racks.ts';
import type { Report } from '../../src/wire/report-lines.ts';
import { NOW_SECONDS, verdictOf } from './health-trees.ts';

/** When the datacenter of a test starts, on its own clock. */
export const START_SECONDS = NOW_SECONDS;

/** A datacenter without sockets: four expected racks, silent after 3 s, unless told otherwise. */
export function aggregateOf(changes: Partial<AggregateOptions> = {}): Aggregate {
  return new Aggregate({
    dcId: 'dc-1',
    numRacks: 4,
    rackTimeoutSeconds: 3,
    forgetAfterSeconds: 900,
    maxEvents: 1000,
    startedSeconds: START_SECONDS,
    ...changes,
  });
}

/** A report as this project's racks send it, once a second, of two healthy servers. */
export function reportOf(rackId: number, changes: Partial<Report> = {}): Report {
  const servers = changes.servers ?? serversOf(rackId, 2);
  return {
    rack_id: rackId,
    health_score: rackScore(servers),
    server_count: servers.length,
    timestamp: START_SECONDS,
    type: 'report',
    boot_id: 100 + rackId,
    sequence: 1,
    interval_seconds: 1,
    servers,
    ...changes,
  };
}

/** A report of four fields, as somebody else may send it. */
export function minimalReport(rackId: number, changes: Partial<Report> = {}): Report {
  return { rack_id: rackId, health_score: 0.9, server_count: 8, timestamp: START_SECONDS, ...changes };
}

/** `count` servers of a rack, perfectly healthy but for the changes. */
export function serversOf(rackId: number, count: number, changes: Partial<Verdict> = {}): Verdict[] {
  return Array.from({ length: count }, (_, serverId) => verdictOf(rackId, serverId, { spectral_error: 0, ...changes }));
}

/** A fault that these servers of a rack have in common, since two seconds before the start. */
export function rackFaultOf(
  kind: SharedFaultKind,
  ids: readonly number[],
  changes: Partial<RackFault> = {},
): RackFault {
  const evidence = { severity: 'warning', confidence: 0.9, parameters: { servers: ids.length } } as const;
  return { kind, since: START_SECONDS - 2, ...evidence, server_ids: ids, ...changes };
}

/** Gives a report to the datacenter, `afterSeconds` after its start; the rack's id is the connection's unless given. */
export function give(
  aggregate: Aggregate,
  report: Report,
  { afterSeconds = 0, connection = report.rack_id, characters = JSON.stringify(report).length } = {},
): Receipt {
  return aggregate.receive({ report, characters, connection }, START_SECONDS + afterSeconds);
}

/** The reason a report was turned away, or what else became of it. */
export function outcome(receipt: Receipt): string {
  return receipt.kind === 'rejected' ? receipt.reason : receipt.kind;
}

/** A rack as the tree has it. */
export function rackOf(aggregate: Aggregate, rackId: number): RackHealth {
  const rack = aggregate.health(START_SECONDS).racks.find((candidate) => candidate.rack_id === rackId);
  assert.ok(rack, `rack ${rackId} is in the tree`);
  return rack;
}
