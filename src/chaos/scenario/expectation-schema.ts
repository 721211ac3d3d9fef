import * as v from 'valibot';
import { FAULT_KINDS, GROUP_STATUSES, SERVER_STATUSES, SHARED_FAULT_KINDS } from '../../core/verdict.ts';
import { type Bounds, type Demand, type Expectation, VERDICT_NUMBERS } from './scenario.ts';
import { PauseSchema, SelectionSchema, SpanSchema, strictKind, wholeNumberKind, wordKind } from './schema-kinds.ts';

const NUMBER = 'a number';
const BoundSchema = v.optional(v.pipe(v.number(NUMBER), v.finite(NUMBER)));

const BoundsSchema: v.GenericSchema<unknown, Bounds> = v.pipe(
  strictKind({ min: BoundSchema, max: BoundSchema }),
  v.check(({ min, max }) => min !== undefined || max !== undefined, 'min, max, or both'),
  v.check(({ min = -Infinity, max = Infinity }) => min <= max, 'a min that is at most the max'),
  v.transform(({ min = null, max = null }) => ({ min, max })),
);

/** One word, or a list of them that are all right. */
function wordsKind<const Words extends readonly string[]>(
  words: Words,
): v.GenericSchema<unknown, readonly Words[number][]> {
  const allowed = `${words.join(', ')}, or a list of these`;
  const one = v.picklist(words, allowed);
  const some = v.pipe(v.array(one), v.minLength(1, allowed));
  return v.lazy((given) => {
    if (Array.isArray(given)) return some;
    return v.pipe(
      one,
      v.transform((word) => [word]),
    );
  });
}

const optionalBounds = v.optional(BoundsSchema);
const GroupStatusesSchema = v.optional(wordsKind(GROUP_STATUSES));

const ExpectationKeysSchema = strictKind({
  on: v.optional(SelectionSchema),
  at_least: v.optional(wholeNumberKind(1, 65_536)),
  within: SpanSchema,
  for: v.optional(PauseSchema),
  status: v.optional(wordsKind(SERVER_STATUSES)),
  fault: v.optional(wordKind(FAULT_KINDS)),
  spectral_error: optionalBounds,
  snr_db: optionalBounds,
  loss_ratio: optionalBounds,
  delay_seconds: optionalBounds,
  jitter_seconds: optionalBounds,
  clock_skew_ppm: optionalBounds,
  rack_status: GroupStatusesSchema,
  rack_fault: v.optional(wordKind(SHARED_FAULT_KINDS)),
  rack_health: optionalBounds,
  dc_status: GroupStatusesSchema,
  dc_health: optionalBounds,
});

type Keys = v.InferOutput<typeof ExpectationKeysSchema>;

/** Keys by whose health they are about. */
const SERVER_KEYS = ['status', 'fault', ...VERDICT_NUMBERS] as const;
const RACK_KEYS = ['rack_status', 'rack_fault', 'rack_health'] as const;
const DATACENTER_KEYS = ['dc_status', 'dc_health'] as const;

const ALL_KEYS = [...SERVER_KEYS, ...RACK_KEYS, ...DATACENTER_KEYS];

/** One thing that must be seen. */
const ExpectationSchema: v.GenericSchema<unknown, Expectation> = v.pipe(
  ExpectationKeysSchema,
  v.check((keys) => subjects(keys).length > 0, `something to look at: ${ALL_KEYS.join(', ')}`),
  v.check(
    (keys) => subjects(keys).length <= 1,
    `what is expected of servers (${SERVER_KEYS.join(', ')}), of racks (${RACK_KEYS.join(', ')}) or of the datacenter (${DATACENTER_KEYS.join(', ')}), each in an expectation of its own`,
  ),
  v.check(({ within, for: hold = 0 }) => hold <= within, 'a "for" that is at most its "within"'),
  v.check(
    (keys) => !subjects(keys).includes('datacenter') || (keys.on === undefined && keys.at_least === undefined),
    'neither "on" nor "at_least": there is one datacenter',
  ),
  v.transform(expectationOf),
);

/** `expect:`, one expectation or a list of them. */
export const ExpectationsSchema: v.GenericSchema<unknown, readonly Expectation[]> = v.lazy((given) =>
  Array.isArray(given)
    ? v.pipe(
        v.array(ExpectationSchema),
        v.minLength(1, 'at least one expectation'),
        v.maxLength(100, 'at most 100 expectations'),
      )
    : v.pipe(
        ExpectationSchema,
        v.transform((expectation) => [expectation]),
      ),
);

function subjects(keys: Keys): readonly Expectation['of'][] {
  const has = (names: readonly (keyof Keys)[]): boolean => names.some((name) => keys[name] !== undefined);
  const found: Expectation['of'][] = [];
  if (has(SERVER_KEYS)) found.push('servers');
  if (has(RACK_KEYS)) found.push('racks');
  if (has(DATACENTER_KEYS)) found.push('datacenter');
  return found;
}

function expectationOf(keys: Keys): Expectation {
  const { on = null, at_least: atLeast = null, within, for: hold = 0 } = keys;
  const [of = 'servers'] = subjects(keys);
  return { of, on, atLeast, demand: demandOf(keys), withinSeconds: within, holdSeconds: hold };
}

function demandOf(keys: Keys): Demand {
  const score = keys.rack_health ?? keys.dc_health;
  const numbers: Demand['numbers'] = VERDICT_NUMBERS.flatMap((name) => {
    const bounds = keys[name];
    return bounds === undefined ? [] : [{ name, bounds }];
  });
  return {
    statuses: keys.status ?? keys.rack_status ?? keys.dc_status ?? null,
    fault: keys.fault ?? keys.rack_fault ?? null,
    numbers: score === undefined ? numbers : [...numbers, { name: 'health_score', bounds: score }],
  };
}
