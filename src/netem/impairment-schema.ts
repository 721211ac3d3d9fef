import * as v from 'valibot';
import { DISTRIBUTIONS, type Impairment } from './impairment.ts';
import {
  MAX_DELAY_SECONDS,
  MAX_GAP,
  MAX_JITTER_SECONDS,
  MAX_LIMIT_PACKETS,
  MAX_RATE_BITS_PER_SECOND,
  MIN_RATE_BITS_PER_SECOND,
  MIN_RATIO,
} from './impairment-limits.ts';

const RatioSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const ChanceSchema = v.pipe(v.number(), v.minValue(MIN_RATIO), v.maxValue(1));

const DelaySchema = v.pipe(
  v.strictObject({
    seconds: v.pipe(v.number(), v.gtValue(0), v.maxValue(MAX_DELAY_SECONDS)),
    jitterSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_JITTER_SECONDS)),
    distribution: v.picklist(DISTRIBUTIONS),
    correlation: RatioSchema,
  }),
  v.check(({ seconds, jitterSeconds }) => jitterSeconds <= seconds, 'jitter at most the delay'),
);

const LossSchema = v.variant('model', [
  v.strictObject({ model: v.literal('random'), ratio: ChanceSchema }),
  v.strictObject({
    model: v.literal('gemodel'),
    p: ChanceSchema,
    r: RatioSchema,
    lossInBad: RatioSchema,
    lossInGood: RatioSchema,
  }),
]);

const ReorderSchema = v.strictObject({
  ratio: ChanceSchema,
  gap: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_GAP)),
});

/** Holds an `Impairment` to its shape and ranges. Its JSON form is the type itself; unknown keys are refused. */
export const ImpairmentSchema: v.GenericSchema<unknown, Impairment> = v.pipe(
  v.strictObject({
    delay: v.nullable(DelaySchema),
    loss: v.nullable(LossSchema),
    corruptRatio: v.nullable(ChanceSchema),
    duplicateRatio: v.nullable(ChanceSchema),
    reorder: v.nullable(ReorderSchema),
    rateBitsPerSecond: v.nullable(
      v.pipe(v.number(), v.integer(), v.minValue(MIN_RATE_BITS_PER_SECOND), v.maxValue(MAX_RATE_BITS_PER_SECOND)),
    ),
    limitPackets: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LIMIT_PACKETS))),
  }),
  v.check(({ reorder, delay }) => reorder === null || delay !== null, 'reorder only with a delay'),
  v.check(impairsSomething, 'at least one impairment'),
);

/** A limit alone does nothing. */
function impairsSomething(impairment: Impairment): boolean {
  return Object.values({ ...impairment, limitPackets: null }).some((fault) => fault !== null);
}
