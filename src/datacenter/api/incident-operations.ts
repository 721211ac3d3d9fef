import * as v from 'valibot';
import type { FaultKind } from '../../core/verdict.ts';
import { json, problem, type HttpResponse } from '../../io/http-response.ts';
import type { IncidentEntry, IncidentList } from '../../wire/api/incident.ts';
import type { Aggregate } from '../aggregate.ts';
import type { FetchedIncident, Incidents } from '../incidents.ts';
import { noRack } from './health-operations.ts';
import { IncidentListSchema, IncidentPathSchema, IncidentQuerySchema } from './incident-schemas.ts';
import type { Operation } from './operation.ts';

export interface IncidentOperationsOptions {
  readonly aggregate: Aggregate;
  readonly incidents: Incidents;
}

type IncidentQuery = v.InferOutput<typeof IncidentQuerySchema>;
type IncidentPath = v.InferOutput<typeof IncidentPathSchema>;

const NDJSON = 'application/x-ndjson';

/** Capsules: what a server sounded like around the beginning of a fault. */
export function createIncidentOperations(options: IncidentOperationsOptions) {
  return [listOperation(options), downloadOperation(options)] as const;
}

function listOperation({ aggregate, incidents }: IncidentOperationsOptions): Operation<never, IncidentQuery> {
  return {
    route: 'GET /api/v1/incidents',
    id: 'listIncidents',
    tag: 'incidents',
    summary: 'Capsules of incidents that the racks keep',
    description:
      'Newest first. A capsule has the raw arrivals of a server from a minute before a fault of it began, as far as its ' +
      'rack held them, to a minute after it was found. Racks that were started without a directory for them have none.',
    query: IncidentQuerySchema,
    answer: { status: 200, description: 'The capsules, newest first', schema: IncidentListSchema },
    problems: {},
    access: 'read',
    handle({ query: { rack, server, kind, limit } }) {
      const all = aggregate.racks
        .filter(({ rackId }) => rack === undefined || rackId === rack)
        .flatMap(({ rackId }) => incidents.of(rackId))
        .filter((one) => server === undefined || one.server_id === server)
        .filter((one) => kind === undefined || kindsOf(one).some((its) => kind.includes(its)));
      const newest = all.toSorted((a, b) => b.detected - a.detected).slice(0, limit);
      return json({ incidents: newest } satisfies IncidentList);
    },
  };
}

function downloadOperation({ aggregate, incidents }: IncidentOperationsOptions): Operation<IncidentPath> {
  return {
    route: 'GET /api/v1/incidents/:rack/:incident',
    id: 'getIncident',
    tag: 'incidents',
    summary: 'A capsule, to be read by `netwatch analyze`',
    description:
      'NDJSON: the incident, then a line for each arrival. The rack is asked for it, which takes a second or two. Of one ' +
      'that is not complete, what there is so far.',
    path: IncidentPathSchema,
    answer: { status: 200, description: 'The capsule', schema: v.string(), contentType: NDJSON },
    problems: {
      404: 'There is no such rack, or it has no such capsule any more',
      503: 'The rack is not connected, or too many others fetch capsules',
      504: 'The rack did not answer in time',
    },
    access: 'read',
    async handle({ path: { rack: rackId, incident } }) {
      if (aggregate.rack(rackId) === null) return noRack(aggregate, rackId);
      const isListed = incidents.of(rackId).some(({ incident_id: id }) => id === incident);
      const fetched: FetchedIncident = isListed ? await incidents.fetch(rackId, incident) : { kind: 'gone' };
      return fetched.kind === 'capsule' ? capsule(fetched.bytes, incident) : refusal(fetched.kind, rackId, incident);
    },
  };
}

function kindsOf({ kind, shared_kind: shared }: IncidentEntry): readonly FaultKind[] {
  return shared === undefined ? [kind] : [kind, shared];
}

function capsule(body: Buffer, incident: string): HttpResponse {
  // The id is safe in a header, and as the name of a file.
  const headers = { 'content-disposition': `attachment; filename="${incident}.ndjson"` };
  return { status: 200, contentType: NDJSON, body, headers };
}

type Refused = Exclude<FetchedIncident['kind'], 'capsule'>;

function refusal(kind: Refused, rackId: number, incident: string): HttpResponse {
  const answers: Readonly<Record<Refused, () => HttpResponse>> = {
    gone: () => problem(404, `Rack ${rackId} has no capsule ${incident}: GET /api/v1/incidents lists those there are.`),
    away: () => problem(503, `Rack ${rackId}, which keeps the capsule, is not connected: try again when it is.`),
    late: () => problem(504, `Rack ${rackId} did not give the capsule in time: try again.`),
    busy: () => problem(503, 'As many capsules are being fetched as may be at once: try again in a few seconds.'),
  };
  return answers[kind]();
}
