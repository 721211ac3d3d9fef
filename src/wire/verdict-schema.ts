import * as v from 'valibot';
import type { FaultKind, ServerStatus, Severity, Verdict } from '../core/verdict.ts';
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

/** Each member of a closed set by its own name: the compiler refuses one that is missing here or unknown there. */
type Mirror<Member extends string> = { readonly [M in Member]: M };

const FaultSchema = v.object({
  kind: v.enum({
    silent: 'silent',
    loss: 'loss',
    'burst-loss': 'burst-loss',
    'periodic-loss': 'periodic-loss',
    'delay-shift': 'delay-shift',
    jitter: 'jitter',
    'periodic-delay': 'periodic-delay',
    congestion: 'congestion',
    reorder: 'reorder',
    duplicate: 'duplicate',
    corrupt: 'corrupt',
    'clock-drift': 'clock-drift',
    conflict: 'conflict',
    'rack-wide': 'rack-wide',
    observer: 'observer',
  } satisfies Mirror<FaultKind>),
  since: FiniteSchema,
  severity: v.enum({ info: 'info', warning: 'warning', critical: 'critical' } satisfies Mirror<Severity>),
  confidence: RatioSchema,
  parameters: boundedRecord(FiniteSchema, MAX_PARAMETERS),
});

/** Holds a `Verdict` to its shape and bounds; keys that are not known are dropped. */
export const VerdictSchema: v.GenericSchema<unknown, Verdict> = v.object({
  rack_id: IdSchema,
  server_id: IdSchema,
  name: v.nullable(PrintableSchema),
  status: v.enum({
    healthy: 'healthy',
    warning: 'warning',
    critical: 'critical',
    warming: 'warming',
    silent: 'silent',
  } satisfies Mirror<ServerStatus>),
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
