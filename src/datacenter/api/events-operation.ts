import * as v from 'valibot';
import { FAULT_KINDS, GROUP_STATUSES, SERVER_STATUSES } from '../../core/verdict.ts';
import { json } from '../../io/http-response.ts';
import { findEvents } from '../event-filter.ts';
import type { EventRing } from '../events.ts';
import { EventPageSchema, EVENT_SCOPES } from './event-schemas.ts';
import type { Operation } from './operation.ts';
import { idParameter, wholeNumber, words } from './parameters.ts';

export interface EventsOperationOptions {
  readonly events: EventRing;
  readonly maxEvents: number;
}

const DEFAULT_EVENTS = 100;
const DEEDS = [...new Set([...SERVER_STATUSES, ...GROUP_STATUSES, 'begun', 'ended'] as const)];

const DESCRIPTION = `Newest first. Events are numbered from 1 on in the order in which the datacenter learned of them.

To read on into the past, give \`next\` of an answer as \`before\`; it is null when nothing older is held. To learn of what
is new, ask with \`after\`: the answer has the oldest of those that are newer, and its \`next\` is the \`after\` of the next
request. A datacenter that was started anew counts from 1 again; an \`after\` that it has not come to yet counts as 0.

\`rack\` and \`server\` find chaos too that was done to them.

A fault begins with the first report that has it, and ends with the first that has it no more. What most servers of a rack
have at once is one fault of the rack, and so is \`observer\`: their \`server_id\` is null. What is told when a rack falls
silent or a fault comes and goes is in docs/api.md.`;

/** What changed, and when. */
export function createEventsOperation({ events, maxEvents }: EventsOperationOptions) {
  const query = createEventQuery(maxEvents);
  const operation: Operation<never, v.InferOutput<typeof query>> = {
    route: 'GET /api/v1/events',
    id: 'listEvents',
    tag: 'events',
    summary: 'Changes of status, and faults and chaos that began or ended',
    description: DESCRIPTION,
    query,
    answer: { status: 200, description: 'Events, newest first', schema: EventPageSchema },
    problems: {},
    access: 'read',
    handle: ({ query: asked }) => json(findEvents(events, asked)),
  };
  return operation;
}

/** `?rack=1&server=3&scope=fault&to=begun&fault=loss,silent&limit=10` */
function createEventQuery(maxEvents: number) {
  const id = wholeNumber(0, Number.MAX_SAFE_INTEGER);
  const allowed = 'limit, before or after, rack, server, scope, to and fault';
  return v.pipe(
    v.strictObject(
      {
        limit: v.exactOptional(
          v.pipe(wholeNumber(1, maxEvents), v.description('Most events to answer.')),
          String(Math.min(DEFAULT_EVENTS, maxEvents)),
        ),
        before: v.exactOptional(v.pipe(id, v.description('Only events with a lower id.'))),
        after: v.exactOptional(
          v.pipe(id, v.description('Only events with a higher id, the oldest of them; not together with `before`.')),
        ),
        rack: v.exactOptional(v.pipe(idParameter, v.description('Only of this rack, and chaos done to it.'))),
        server: v.exactOptional(
          v.pipe(
            idParameter,
            v.description('Only of servers with this id, and chaos done to them; with `rack`: of one server.'),
          ),
        ),
        scope: v.exactOptional(v.pipe(words(EVENT_SCOPES), v.description('Only of these kinds.'))),
        to: v.exactOptional(v.pipe(words(DEEDS), v.description('Only what became so.'))),
        fault: v.exactOptional(
          v.pipe(
            words(FAULT_KINDS),
            v.description('Only faults of these kinds; `rack-wide`: all that most servers of a rack had at once.'),
          ),
        ),
      },
      allowed,
    ),
    v.forward(
      v.check(({ before, after }) => before === undefined || after === undefined, 'before or after, not both'),
      ['after'],
    ),
  );
}
