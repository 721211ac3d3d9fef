import * as v from 'valibot';
import { MAX_SENT_SECONDS } from './sample-limits.ts';
import { PRINTABLE_TEXT } from './text-limits.ts';

/** A rack or server id: 16 bits. */
export const IdSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));
/** A boot id: 32 bits. */
export const BootIdSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
/** A count or sequence number, exact as a double. */
export const CountSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** 0 to 1. */
export const RatioSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const FiniteSchema = v.pipe(v.number(), v.finite());
/** Finite and above 0. */
export const PositiveSchema = v.pipe(FiniteSchema, v.gtValue(0));
/** Unix seconds that a clock may show. */
export const TimeSchema = v.pipe(PositiveSchema, v.ltValue(MAX_SENT_SECONDS));

/** Text that is safe to show, as `PRINTABLE_TEXT` has it. */
export const PrintableSchema = v.pipe(v.string(), v.regex(PRINTABLE_TEXT, '1 to 63 printable characters'));

/** An object of printable keys and values of one kind; valibot's own record would take an array for one. */
export function boundedRecord<Value>(values: v.GenericSchema<unknown, Value>, maxEntries: number) {
  return v.pipe(
    v.unknown(),
    v.check((input) => !Array.isArray(input), 'an object'),
    v.record(PrintableSchema, values),
    v.maxEntries(maxEntries, `at most ${maxEntries} entries`),
  );
}
