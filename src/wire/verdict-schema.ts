import * as v from 'valibot';
import { FAULT_KINDS, SERVER_STATUSES, SEVERITIES, type Fault, type Verdict } from '../core/verdict.ts';
import {
  boundedRecord,
  FiniteSchema,
  IdSchema,
  PositiveSchema,
  PrintableSchema,
  RatioSchema,
} from './bounded-schemas.ts';

const MAX_FAULTS = 16;
const MAX_PARAMETERS = 16;

/** Holds a `Fault` to its shape and bounds. */
export const FaultSchema: v.GenericSchema<unknown, Fault> = v.object({
  kind: v.picklist(FAULT_KINDS),
  since: FiniteSchema,
  severity: v.picklist(SEVERITIES),
  confidence: RatioSchema,
  parameters: boundedRecord(FiniteSchema, MAX_PARAMETERS),
});

/** Holds a `Verdict` to its shape and bounds; keys that are not known are dropped. */
export const VerdictSchema: v.GenericSchema<unknown, Verdict> = v.object({
  rack_id: IdSchema,
  server_id: IdSchema,
  name: v.nullable(PrintableSchema),
  status: v.picklist(SERVER_STATUSES),
  spectral_error: v.nullable(RatioSchema),
  snr_db: v.nullable(FiniteSchema),
  loss_ratio: v.nullable(RatioSchema),
  delay_seconds: v.nullable(FiniteSchema),
  jitter_seconds: v.nullable(v.pipe(FiniteSchema, v.minValue(0))),
  clock_skew_ppm: v.nullable(FiniteSchema),
  expected_frequency_hz: PositiveSchema,
  sample_rate_hz: PositiveSchema,
  last_heard: v.nullable(FiniteSchema),
  faults: v.pipe(v.array(FaultSchema), v.maxLength(MAX_FAULTS)),
});
