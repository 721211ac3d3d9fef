import { json, jsonText, problem } from '../../io/http-response.ts';
import type { RackHealth, ServerStatus } from '../../core/verdict.ts';
import { RackDetailSchema, RackSummarySchema, type RackDetail, type RackSummary } from '../../wire/api/history.ts';
import { ServerSnapshotSchema } from '../../wire/api/server-snapshot-schema.ts';
import type { ServerSnapshot } from '../../wire/api/socket.ts';
import { DatacenterHealthSchema } from '../../wire/health-schema.ts';
import type { WallClock } from '../../io/clock.ts';
import * as v from 'valibot';
import { noRackText, noServerText } from '../absence-text.ts';
import type { Aggregate } from '../aggregate.ts';
import { createCachedText } from '../cached-text.ts';
import { createHealthText } from '../health-text.ts';
import type { RackState } from '../rack-state.ts';
import type { Operation } from './operation.ts';
import { RackPathSchema, ServerPathSchema } from './parameters.ts';

export interface HealthOperationsOptions {
  readonly aggregate: Aggregate;
  readonly clock: WallClock;
}

/** Two megabytes where there are 100 racks, of which each reports once a second. */
const RACKS_AGE_SECONDS = 1;

/** What is ill, and how it was lately. */
export function createHealthOperations(options: HealthOperationsOptions) {
  return [healthOperation(options), racksOperation(options), rackOperation(options), serverOperation(options)] as const;
}

function healthOperation({ aggregate, clock }: HealthOperationsOptions): Operation {
  const healthText = createHealthText(aggregate);
  return {
    route: 'GET /api/v1/health',
    id: 'getHealth',
    tag: 'health',
    summary: 'Everything: the datacenter, its racks and their servers',
    description: 'Made anew at most every 100 ms; `timestamp` says when.',
    answer: { status: 200, description: 'The tree', schema: DatacenterHealthSchema },
    problems: {},
    access: 'read',
    handle: () => jsonText(healthText(clock.nowSeconds())),
  };
}

function racksOperation({ aggregate, clock }: HealthOperationsOptions): Operation {
  const summaries = () => aggregate.racks.map((rack) => summaryOf(aggregate, rack));
  const racksText = createCachedText(() => JSON.stringify(summaries()), RACKS_AGE_SECONDS);
  return {
    route: 'GET /api/v1/racks',
    id: 'listRacks',
    tag: 'health',
    summary: 'All racks, without their servers',
    description:
      'In the order of their ids, made anew at most once a second. `history` has a value for each report, the last 900.',
    answer: { status: 200, description: 'The racks', schema: v.array(RackSummarySchema) },
    problems: {},
    access: 'read',
    handle: () => jsonText(racksText(clock.nowSeconds())),
  };
}

function rackOperation({ aggregate }: HealthOperationsOptions): Operation<{ readonly rack: number }> {
  return {
    route: 'GET /api/v1/racks/:rack',
    id: 'getRack',
    tag: 'health',
    summary: 'A rack and its servers',
    path: RackPathSchema,
    answer: { status: 200, description: 'The rack', schema: RackDetailSchema },
    problems: { 404: 'There is no such rack' },
    access: 'read',
    handle: ({ path: { rack: rackId } }) => {
      const rack = aggregate.rack(rackId);
      if (rack === null) return noRack(aggregate, rackId);
      const detail: RackDetail = { ...rack.health, name: rack.name, history: aggregate.history.rack(rackId) };
      return json(detail);
    },
  };
}

function serverOperation({
  aggregate,
}: HealthOperationsOptions): Operation<{ readonly rack: number; readonly server: number }> {
  return {
    route: 'GET /api/v1/racks/:rack/servers/:server',
    id: 'getServer',
    tag: 'health',
    summary: 'A server and its last 15 minutes',
    description:
      '`history` has a value for each report of the rack, the last 900. `verdict` is null for a server that was ' +
      'heard and is not expected any more.',
    path: ServerPathSchema,
    answer: { status: 200, description: 'The server', schema: ServerSnapshotSchema },
    problems: { 404: 'There is no such rack or server' },
    access: 'read',
    handle: ({ path: { rack: rackId, server: serverId } }) => {
      const rack = aggregate.rack(rackId);
      if (rack === null) return noRack(aggregate, rackId);
      const verdict = rack.health.servers.find((server) => server.server_id === serverId) ?? null;
      const history = aggregate.history.server(rackId, serverId);
      if (verdict === null && history.timestamps.length === 0) return noServer(rack.health, serverId);
      const snapshot: ServerSnapshot = { verdict, history };
      return json(snapshot);
    },
  };
}

function summaryOf({ history }: Aggregate, { rackId, name, health }: RackState): RackSummary {
  const counts: Record<ServerStatus, number> = { healthy: 0, warning: 0, critical: 0, warming: 0, silent: 0 };
  for (const { status } of health.servers) counts[status]++;
  const { servers: _servers, ...own } = health;
  return { ...own, name, server_counts: counts, history: history.rack(rackId) };
}

/** The answer to who asks for a rack that nobody expects and nobody heard. */
export function noRack(aggregate: Aggregate, rackId: number) {
  return problem(404, noRackText(aggregate, rackId));
}

/** The same for a server. */
export function noServer(rack: RackHealth, serverId: number) {
  return problem(404, noServerText(rack, serverId));
}
