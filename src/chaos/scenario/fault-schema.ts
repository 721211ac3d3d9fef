import * as v from 'valibot';
import type { ImpairmentTexts } from '../../netem/parse-impairment.ts';
import { RAMP_KEYS, type ImpairmentKey, type RampKey } from './phases.ts';
import { SpanSchema, strictKind, wholeNumberKind } from './schema-kinds.ts';

/** How a key of an impairment is written in a scenario, as its flag with underscores. */
export const FAULT_KEYS: Readonly<Record<ImpairmentKey, string>> = {
  delay: 'delay',
  jitter: 'jitter',
  distribution: 'distribution',
  correlation: 'correlation',
  loss: 'loss',
  lossModel: 'loss_model',
  corrupt: 'corrupt',
  duplicate: 'duplicate',
  reorder: 'reorder',
  gap: 'gap',
  rate: 'rate',
  limit: 'limit',
};

const MAX_RAMP_STEPS = 1000;

const ValueSchema = v.union([v.string(), v.number()], 'a value as its flag takes it, such as 200ms, 20 or 1mbit');
const optionalValue = v.optional(ValueSchema);

const FaultKeysSchema = strictKind({
  delay: optionalValue,
  jitter: optionalValue,
  distribution: optionalValue,
  correlation: optionalValue,
  loss: optionalValue,
  loss_model: optionalValue,
  corrupt: optionalValue,
  duplicate: optionalValue,
  reorder: optionalValue,
  gap: optionalValue,
  rate: optionalValue,
  limit: optionalValue,
});

/** `inject:`; whether the values are any good is told together with its ramp. */
export const FaultSchema: v.GenericSchema<unknown, ImpairmentTexts> = v.pipe(
  FaultKeysSchema,
  v.transform(({ loss_model: lossModel, ...texts }) => ({ ...texts, lossModel })),
);

const MOVED_ENTRIES = {
  delay: optionalValue,
  jitter: optionalValue,
  correlation: optionalValue,
  loss: optionalValue,
  corrupt: optionalValue,
  duplicate: optionalValue,
  reorder: optionalValue,
  rate: optionalValue,
} satisfies Record<RampKey, typeof optionalValue>;

const MovedSchema = strictKind(MOVED_ENTRIES, (key) =>
  Object.values<string>(FAULT_KEYS).includes(key) ? `a ramp cannot move this, allowed: ${RAMP_KEYS.join(', ')}` : null,
);

export const RampSchema = strictKind({
  over: SpanSchema,
  steps: v.optional(wholeNumberKind(1, MAX_RAMP_STEPS)),
  from: MovedSchema,
  to: MovedSchema,
});

export type Ramp = v.InferOutput<typeof RampSchema>;

export const PulseSchema = strictKind({ every: SpanSchema, for: SpanSchema });
