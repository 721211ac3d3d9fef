import * as v from 'valibot';
import {
  GROUP_STATUSES,
  SERVER_STATUSES,
  type GroupStatus,
  type RackHealth,
  type RackFault,
  type ServerStatus,
} from '../../core/verdict.ts';
import { FiniteSchema, IdSchema, RatioSchema } from '../bounded-schemas.ts';
import { rackHealthEntries } from '../health-schema.ts';
import { RackFaultsSchema } from '../verdict-schema.ts';

/** A rack's recent past, a value a report, oldest first; all lists are of the same length. */
export interface RackHistory {
  /** Unix seconds, the rack's clock. Where more than an interval lies between two, nothing is known. */
  readonly timestamps: readonly number[];
  readonly health_score: readonly (number | null)[];
}

/** A server's recent past, a value a verdict, oldest first; all lists are of the same length. */
export interface ServerHistory {
  readonly timestamps: readonly number[];
  readonly status: readonly ServerStatus[];
  readonly spectral_error: readonly (number | null)[];
  readonly snr_db: readonly (number | null)[];
  readonly loss_ratio: readonly (number | null)[];
  readonly delay_seconds: readonly (number | null)[];
  readonly jitter_seconds: readonly (number | null)[];
}

/** A rack without its servers. */
export interface RackSummary {
  readonly rack_id: number;
  readonly name: string | null;
  readonly health_score: number | null;
  readonly status: GroupStatus;
  readonly last_report: number | null;
  /** What is the rack's own. */
  readonly faults: readonly RackFault[];
  /** How many servers have each status. */
  readonly server_counts: Readonly<Record<ServerStatus, number>>;
  readonly history: RackHistory;
}

/** A rack with its servers. */
export interface RackDetail extends RackHealth {
  readonly name: string | null;
  readonly history: RackHistory;
}

const timestamps = v.array(FiniteSchema);
const ratios = v.array(v.nullable(RatioSchema));
const numbers = v.array(v.nullable(FiniteSchema));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const RackHistorySchema: v.GenericSchema<unknown, RackHistory> = v.object({ timestamps, health_score: ratios });

export const ServerHistorySchema: v.GenericSchema<unknown, ServerHistory> = v.object({
  timestamps,
  status: v.array(v.picklist(SERVER_STATUSES)),
  spectral_error: ratios,
  snr_db: numbers,
  loss_ratio: ratios,
  delay_seconds: numbers,
  jitter_seconds: numbers,
});

export const RackSummarySchema: v.GenericSchema<unknown, RackSummary> = v.object({
  rack_id: IdSchema,
  name: v.nullable(v.string()),
  health_score: v.nullable(RatioSchema),
  status: v.picklist(GROUP_STATUSES),
  last_report: v.nullable(FiniteSchema),
  faults: RackFaultsSchema,
  server_counts: v.object({ healthy: count, warning: count, critical: count, warming: count, silent: count }),
  history: RackHistorySchema,
});

export const RackDetailSchema: v.GenericSchema<unknown, RackDetail> = v.object({
  ...rackHealthEntries,
  name: v.nullable(v.string()),
  history: RackHistorySchema,
});
