import * as v from 'valibot';
import { parseDuration } from '../config/duration.ts';
import type { InjectRequest } from '../wire/api/chaos-control.ts';
import type { Injection } from '../wire/injection.ts';
import { newInjectionId } from './inject.ts';
import { FaultSchema, PulseSchema } from './scenario/fault-schema.ts';
import { injectStep } from './scenario/inject-step.ts';
import { strictKind } from './scenario/schema-kinds.ts';

const MIN_SECONDS = 0.1;
const MAX_SECONDS = 3600;
const DURATION = 'a duration from 100ms to 1h, as 30s or 5m';

const DurationSchema = v.pipe(
  v.string(DURATION),
  v.transform((given) => parseDuration(given) ?? Number.NaN),
  v.number(DURATION),
  v.minValue(MIN_SECONDS, DURATION),
  v.maxValue(MAX_SECONDS, DURATION),
);

/** What of a request is written as in a scenario. */
const WordsSchema = strictKind({ inject: FaultSchema, pulse: v.optional(PulseSchema), duration: DurationSchema });

/** A problem of a request, with the place of what it is about. */
interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly isUnknownKey: boolean;
}

export type ReadRequest =
  | { readonly kind: 'injection'; readonly injection: Injection }
  /** Sentences that name the field, what was given and what is allowed. */
  | { readonly kind: 'problem'; readonly problem: string };

/** Reads what is to be injected, in the words of scenarios; the ids in it are not looked at. */
export function readRequest({ inject, pulse, duration }: InjectRequest): ReadRequest {
  const words = { inject, duration, ...(pulse && { pulse }) };
  const parsed = v.safeParse(WordsSchema, words, { abortPipeEarly: true });
  if (!parsed.success) return problemsOf(words, parsed.issues.map(problemOf));
  const { duration: seconds, ...faults } = parsed.output;
  const made = injectStep({ ...faults, for: seconds, on: { racks: null, servers: null } });
  if (made.kind === 'problems') return problemsOf(words, made.problems.map(crossProblem));
  const { phases, repeats, durationSeconds, direction } = made.step;
  const id = newInjectionId();
  return {
    kind: 'injection',
    injection: { id, phases, repeats, durationSeconds, direction, sparePorts: [], seed: null },
  };
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  return { path, message: issue.message, isUnknownKey: issue.expected === 'never' };
}

/** What a scenario calls `for` is the duration here. */
function crossProblem({ path, message }: { readonly path: readonly string[]; readonly message: string }): Problem {
  return { path: path[0] === 'for' ? ['duration'] : path, message, isUnknownKey: false };
}

function problemsOf(words: object, problems: readonly Problem[]): ReadRequest {
  const sentences = problems.map(({ path, message, isUnknownKey }) => {
    const place = path.map(String).join('.');
    if (isUnknownKey) return `${place}: ${message}.`;
    const given = path.reduce<unknown>(valueAt, words);
    const what = given === undefined ? 'is missing' : `is ${JSON.stringify(given)}`;
    return `${place} ${what}: allowed is ${message}.`;
  });
  return { kind: 'problem', problem: [...new Set(sentences)].join(' ') };
}

function valueAt(from: unknown, key: PropertyKey): unknown {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, key) ? Reflect.get(from, key) : undefined;
}
