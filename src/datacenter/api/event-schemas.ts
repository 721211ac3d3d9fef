import * as v from 'valibot';
import { GROUP_STATUSES, SERVER_STATUSES } from '../../core/verdict.ts';
import { CountSchema, FiniteSchema, IdSchema, RatioSchema } from '../../wire/bounded-schemas.ts';
import { CHAOS_END_REASONS } from '../../wire/chaos-end.ts';
import { ChaosNoticeShapeSchema } from '../../wire/chaos-notice-schema.ts';
import type { EventPage } from '../event-filter.ts';
import { faultEntries } from '../../wire/verdict-schema.ts';
import type { ChaosEvent, DatacenterEvent, FaultEvent, StatusEvent } from '../../wire/api/datacenter-event.ts';

export const EVENT_SCOPES = ['server', 'rack', 'datacenter', 'chaos', 'fault'] as const;

const StatusSchema = v.picklist([...new Set([...SERVER_STATUSES, ...GROUP_STATUSES])]);

export const StatusEventSchema: v.GenericSchema<unknown, StatusEvent> = v.object({
  id: CountSchema,
  timestamp: FiniteSchema,
  scope: v.picklist(['server', 'rack', 'datacenter']),
  rack_id: v.nullable(IdSchema),
  server_id: v.nullable(IdSchema),
  name: v.nullable(v.string()),
  from: v.nullable(StatusSchema),
  to: StatusSchema,
  spectral_error: v.nullable(RatioSchema),
  health_score: v.nullable(RatioSchema),
});

export const ChaosEventSchema: v.GenericSchema<unknown, ChaosEvent> = v.object({
  id: CountSchema,
  timestamp: FiniteSchema,
  scope: v.literal('chaos'),
  rack_id: v.null(),
  server_id: v.null(),
  name: v.string(),
  from: v.nullable(v.picklist(['begun', 'ended'])),
  to: v.picklist(['begun', 'ended']),
  spectral_error: v.null(),
  health_score: v.null(),
  chaos: v.strictObject({
    ...ChaosNoticeShapeSchema.entries,
    reason: v.nullable(v.picklist(CHAOS_END_REASONS)),
  }),
});

export const FaultEventSchema: v.GenericSchema<unknown, FaultEvent> = v.object({
  id: CountSchema,
  timestamp: FiniteSchema,
  scope: v.literal('fault'),
  rack_id: IdSchema,
  server_id: v.nullable(IdSchema),
  name: v.nullable(v.string()),
  from: v.nullable(v.literal('begun')),
  to: v.picklist(['begun', 'ended']),
  spectral_error: v.null(),
  health_score: v.null(),
  fault: v.object({ ...faultEntries, duration_seconds: v.nullable(FiniteSchema) }),
});

export const EventSchema: v.GenericSchema<unknown, DatacenterEvent> = v.union([
  StatusEventSchema,
  ChaosEventSchema,
  FaultEventSchema,
]);

export const EventPageSchema: v.GenericSchema<unknown, EventPage> = v.object({
  events: v.array(EventSchema),
  next: v.nullable(CountSchema),
});
