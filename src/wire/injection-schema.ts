import * as v from 'valibot';
import { ImpairmentSchema } from '../netem/impairment-schema.ts';
import { PositiveSchema } from './bounded-schemas.ts';
import { DIRECTIONS, type Injection } from './injection.ts';
import { parseJsonBytes } from './json-bytes.ts';

/** Most phases of an injection: a ramp of an hour has them second by second. */
export const MAX_PHASES = 4096;
const MAX_SPARE_PORTS = 64;
/** A year: longer was not meant. */
const MAX_SECONDS = 366 * 86_400;
const MAX_DETAIL_CHARACTERS = 300;

const SecondsSchema = v.pipe(PositiveSchema, v.maxValue(MAX_SECONDS));
const PortSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const SeedSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));

/** Holds an `Injection` to its shape and bounds; unknown keys are refused. Its JSON form is the type itself. */
export const InjectionSchema: v.GenericSchema<unknown, Injection> = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/, 'Expected 12 hex digits in lower case')),
  phases: v.pipe(
    v.array(v.strictObject({ seconds: SecondsSchema, impairment: v.nullable(ImpairmentSchema) })),
    v.minLength(1),
    v.maxLength(MAX_PHASES),
  ),
  repeats: v.boolean(),
  durationSeconds: v.nullable(SecondsSchema),
  direction: v.picklist(DIRECTIONS),
  sparePorts: v.pipe(v.array(PortSchema), v.maxLength(MAX_SPARE_PORTS)),
  seed: v.nullable(SeedSchema),
});

export type ParsedInjection =
  | { readonly kind: 'injection'; readonly injection: Injection }
  /** `problem` is a sentence that names the field. */
  | { readonly kind: 'refused'; readonly problem: string };

/** Reads an injection from JSON in UTF-8. Never throws. */
export function parseInjection(bytes: Uint8Array): ParsedInjection {
  const json = parseJsonBytes(bytes);
  if (json === undefined) return { kind: 'refused', problem: 'The body is not JSON.' };
  const parsed = v.safeParse(InjectionSchema, json, { abortEarly: true });
  if (parsed.success) return { kind: 'injection', injection: parsed.output };
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  return { kind: 'refused', problem: `${path ?? 'injection'}: ${issue.message.slice(0, MAX_DETAIL_CHARACTERS)}.` };
}
