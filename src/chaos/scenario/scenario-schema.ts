import * as v from 'valibot';
import type { Scenario } from './scenario.ts';
import { numberKind, ParagraphSchema, strictKind, TextSchema, wholeNumberKind } from './schema-kinds.ts';
import { StepsSchema } from './step-schema.ts';

const MAX_SEED = 2 ** 32 - 1;
/** Above this, no window is long enough for anything. */
export const MAX_SPEED = 100;

/** The one schema of scenario files. */
export const ScenarioSchema: v.GenericSchema<unknown, Scenario> = v.pipe(
  strictKind({
    name: TextSchema,
    description: v.optional(ParagraphSchema),
    seed: v.optional(wholeNumberKind(0, MAX_SEED)),
    max_speed: v.optional(numberKind(1, MAX_SPEED, `a number from 1 to ${MAX_SPEED}`)),
    abort: v.optional(strictKind({ dc_health_below: numberKind(0, 1, 'a number from 0 to 1') })),
    steps: StepsSchema,
  }),
  v.transform((keys) => ({
    name: keys.name,
    description: keys.description ?? null,
    seed: keys.seed ?? null,
    maxSpeed: keys.max_speed ?? MAX_SPEED,
    abortBelow: keys.abort?.dc_health_below ?? null,
    steps: keys.steps,
  })),
);
