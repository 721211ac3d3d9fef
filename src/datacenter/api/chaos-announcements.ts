import * as v from 'valibot';
import { ChaosEndSchema, ChaosNoticeShapeSchema, InjectionIdSchema } from '../../wire/chaos-notice-schema.ts';
import type { OperationDescription } from './operation.ts';

const common = {
  tag: 'chaos',
  access: 'control',
  answer: {
    status: 200,
    description: 'It is noted',
    schema: v.strictObject({ id: InjectionIdSchema, active: v.boolean() }),
  },
} as const;

const REFUSED = { 403: 'This datacenter takes no announcements', 415: 'The body is not said to be JSON' };

/**
 * What injectors tell the datacenter. Its routes count each kind of refusal, and check in an order of their own; here it
 * is only described.
 */
export const chaosAnnouncements: readonly OperationDescription[] = [
  {
    ...common,
    route: 'POST /api/v1/chaos/begin',
    id: 'announceChaosBegin',
    summary: 'An injector tells that it began to break something',
    description:
      'Nothing is injected by this: see `POST /api/v1/chaos/injections`. Told again, it takes the place of what was told.',
    body: ChaosNoticeShapeSchema,
    problems: { ...REFUSED, 429: 'Too many injections are active' },
  },
  {
    ...common,
    route: 'POST /api/v1/chaos/end',
    id: 'announceChaosEnd',
    summary: 'An injector tells that it is over',
    body: ChaosEndSchema,
    problems: REFUSED,
  },
];
