import * as v from 'valibot';
import {
  FAULT_KINDS,
  MAX_FAULT_SERVERS,
  SERVER_STATUSES,
  SEVERITIES,
  SHARED_FAULT_KINDS,
  type Fault,
  type RackFault,
  type Verdict,
} from '../core/verdict.ts';
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

/** What is said of a fault, whoever has it. */
export const faultEntries = {
  kind: v.picklist(FAULT_KINDS),
  since: FiniteSchema,
  severity: v.picklist(SEVERITIES),
  confidence: RatioSchema,
  parameters: boundedRecord(FiniteSchema, MAX_PARAMETERS),
};

/** Holds a `Fault` to its shape and bounds. */
export const FaultSchema: v.GenericSchema<unknown, Fault> = v.object(faultEntries);

/** Holds a `RackFault` to its shape and bounds. */
export const RackFaultSchema: v.GenericSchema<unknown, RackFault> = v.object({
  ...faultEntries,
  kind: v.picklist(SHARED_FAULT_KINDS),
  server_ids: v.pipe(v.array(IdSchema), v.maxLength(MAX_FAULT_SERVERS)),
});

/** Holds the faults of a rack to their shape and number: one of a kind. */
export const RackFaultsSchema: v.GenericSchema<unknown, readonly RackFault[]> = v.pipe(
  v.array(RackFaultSchema),
  v.maxLength(SHARED_FAULT_KINDS.length),
  v.check((faults) => new Set(faults.map(({ kind }) => kind)).size === faults.length, 'one fault of a kind'),
);

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
