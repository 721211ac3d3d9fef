import * as v from 'valibot';
import { DIRECTIONS } from '../../wire/injection.ts';
import { nearest } from '../../config/nearest.ts';
import { ExpectationsSchema } from './expectation-schema.ts';
import { FaultSchema, PulseSchema, RampSchema } from './fault-schema.ts';
import { injectStep } from './inject-step.ts';
import type { Step } from './scenario.ts';
import {
  PauseSchema,
  SelectionSchema,
  SpanSchema,
  strictKind,
  TextSchema,
  wholeNumberKind,
  wordKind,
} from './schema-kinds.ts';

const MAX_STEPS = 200;
const MAX_ROUNDS = 1000;

const name = v.optional(TextSchema);
const after = v.optional(PauseSchema);

/** A step is what it has one of these for. */
const KIND_KEYS = ['inject', 'ramp', 'wait', 'expect', 'parallel', 'steps'];
const ALL_KEYS: ReadonlySet<string> = new Set([
  'name',
  'after',
  'on',
  'for',
  'direction',
  'pulse',
  'repeat',
  ...KIND_KEYS,
]);

/** Known, but not beside what this step does. */
const besides = (kind: string) => (key: string) =>
  ALL_KEYS.has(key) ? `not in a step with "${kind}"; make it a step of its own, or leave it out` : null;

/** Steps inside a step; lazily, since each of them may have steps in turn. */
const steps = v.lazy(() => StepsSchema);

const INJECT_ENTRIES = {
  name,
  after,
  on: SelectionSchema,
  inject: v.optional(FaultSchema),
  for: v.optional(SpanSchema),
  direction: v.optional(wordKind(DIRECTIONS)),
  ramp: v.optional(RampSchema),
  pulse: v.optional(PulseSchema),
  expect: v.optional(ExpectationsSchema),
};

const InjectSchema: v.GenericSchema<unknown, Step> = v.pipe(
  strictKind(INJECT_ENTRIES, besides('inject')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const result = injectStep(dataset.value);
    if (result.kind === 'step') return result.step;
    for (const { path, message } of result.problems) addIssue({ message, path: issuePath(dataset.value, path) });
    return NEVER;
  }),
);

const WaitSchema: v.GenericSchema<unknown, Step> = v.pipe(
  strictKind({ name, after, wait: SpanSchema }, besides('wait')),
  v.transform((step): Step => ({ kind: 'wait', ...base(step), waitSeconds: step.wait })),
);

const ExpectSchema: v.GenericSchema<unknown, Step> = v.pipe(
  strictKind({ name, after, expect: ExpectationsSchema }, besides('expect')),
  v.transform((step): Step => ({ kind: 'expect', ...base(step), expectations: step.expect })),
);

const ParallelSchema: v.GenericSchema<unknown, Step> = v.pipe(
  strictKind({ name, after, parallel: steps }, besides('parallel')),
  v.transform((step): Step => ({ kind: 'parallel', ...base(step), steps: step.parallel })),
);

const GroupSchema: v.GenericSchema<unknown, Step> = v.pipe(
  strictKind({ name, after, repeat: v.optional(wholeNumberKind(1, MAX_ROUNDS)), steps }, besides('steps')),
  v.transform((step): Step => ({ kind: 'group', ...base(step), rounds: step.repeat ?? 1, steps: step.steps })),
);

const SCHEMAS: readonly (readonly [string, v.GenericSchema<unknown, Step>])[] = [
  ['parallel', ParallelSchema],
  ['steps', GroupSchema],
  ['inject', InjectSchema],
  ['ramp', InjectSchema],
  ['wait', WaitSchema],
  ['expect', ExpectSchema],
];

/** What a step is, is told by its keys, so that a problem is told about the step that was meant. */
const StepSchema: v.GenericSchema<unknown, Step> = v.lazy((given) => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refusal(`a step: an object with one of ${KIND_KEYS.join(', ')}`);
  }
  const found = SCHEMAS.find(([key]) => Object.hasOwn(given, key));
  return found?.[1] ?? refusal(kindlessText(Object.keys(given)));
});

export const StepsSchema: v.GenericSchema<unknown, readonly Step[]> = v.pipe(
  v.array(StepSchema, 'a list of steps'),
  v.minLength(1, 'at least one step'),
  v.maxLength(MAX_STEPS, `at most ${MAX_STEPS} steps`),
);

function refusal(allowed: string): v.GenericSchema<unknown, Step> {
  return v.custom<Step>(() => false, allowed);
}

function kindlessText(keys: readonly string[]): string {
  const stray = keys.find((key) => !ALL_KEYS.has(key));
  const hint = stray === undefined ? '' : `; is "${stray}" meant to be "${nearest(stray, KIND_KEYS) ?? ''}"?`;
  return `a step with one of ${KIND_KEYS.join(', ')}${hint}`;
}

function base(step: { readonly name?: string | undefined; readonly after?: number | undefined }) {
  return { name: step.name ?? null, afterSeconds: step.after ?? 0 };
}

/** A path as valibot has it in its issues. */
function issuePath(input: object, path: readonly string[]): [v.IssuePathItem, ...v.IssuePathItem[]] {
  const items = path.map((key) => ({ type: 'unknown', origin: 'value', input, key, value: undefined }) as const);
  const [first = { type: 'unknown', origin: 'value', input, key: 'inject', value: undefined } as const, ...rest] =
    items;
  return [first, ...rest];
}
