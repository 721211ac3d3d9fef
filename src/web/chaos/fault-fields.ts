import { describeImpairment } from '../../netem/impairment-text.ts';
import { parseImpairment } from '../../netem/parse-impairment.ts';
import { parseTime } from '../../netem/quantity-text.ts';
import type { InjectRequest } from '../../wire/api/chaos-control.ts';

/** What can be wrong with a packet's way as texts, as scenario files have them; empty: not. */
export interface FaultFields {
  readonly loss: string;
  readonly lossModel: string;
  readonly delay: string;
  readonly jitter: string;
  readonly distribution: string;
  readonly reorder: string;
  readonly duplicate: string;
  readonly corrupt: string;
  readonly rate: string;
  readonly limit: string;
  /** Only for a while, again and again. Both or neither. */
  readonly every: string;
  readonly for: string;
}

export type FaultField = keyof FaultFields;

export const EMPTY_FAULT: FaultFields = {
  loss: '',
  lossModel: '',
  delay: '',
  jitter: '',
  distribution: '',
  reorder: '',
  duplicate: '',
  corrupt: '',
  rate: '',
  limit: '',
  every: '',
  for: '',
};

/** A field that takes any value. */
export interface OwnField {
  readonly field: FaultField;
  readonly label: string;
  /** Of a number that is given alone. */
  readonly unit: string;
  readonly example: string;
}

/** The fields for values of one's own, in their order on the page. */
export const OWN_FIELDS: readonly OwnField[] = [
  { field: 'loss', label: 'Lose', unit: '%', example: '20%' },
  { field: 'delay', label: 'Delay', unit: 'ms', example: '200ms' },
  { field: 'jitter', label: 'Jitter', unit: 'ms', example: '20ms' },
  { field: 'reorder', label: 'Reorder', unit: '%', example: '25%' },
  { field: 'duplicate', label: 'Duplicate', unit: '%', example: '10%' },
  { field: 'corrupt', label: 'Corrupt', unit: '%', example: '5%' },
  { field: 'rate', label: 'Limit to', unit: 'kbit', example: '10kbit' },
  { field: 'every', label: 'Only every', unit: 's', example: '5s' },
  { field: 'for', label: 'for', unit: 'ms', example: '500ms' },
];

/** Those of which one alone breaks something. */
const NEEDING_OTHERS: ReadonlySet<FaultField> = new Set(['jitter', 'reorder', 'every', 'for']);
const BREAKING_FIELDS = OWN_FIELDS.filter(({ field }) => !NEEDING_OTHERS.has(field));

/** Of a fault only what the fields show: what cannot be seen can be neither changed nor cleared. */
export function shownFields(fields: FaultFields): FaultFields {
  return { ...EMPTY_FAULT, ...Object.fromEntries(OWN_FIELDS.map(({ field }) => [field, fields[field]])) };
}

export interface FieldProblem<Field extends string> {
  readonly field: Field;
  /** A sentence that says what was given and what is allowed. */
  readonly text: string;
}

export type ReadFault =
  | {
      readonly kind: 'fault';
      readonly inject: InjectRequest['inject'];
      readonly pulse: { readonly every: string; readonly for: string } | null;
      /** `delay 500 ms for 500ms every 5s`. */
      readonly words: string;
    }
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem<FaultField>[] };

/** Kinds of one's own values and of presets are checked here with the rules by which they will be read. */
export function readFault(given: FaultFields, durationSeconds: number): ReadFault {
  const fields = withUnits(given);
  const { every, for: lasting, lossModel, ...plain } = fields;
  const texts = filled({ ...plain, lossModel });
  const parsed = parseImpairment(texts);
  const problems: FieldProblem<FaultField>[] = pulseProblems(every, lasting, durationSeconds);
  if (parsed.kind === 'problems') problems.push(...parsed.problems.flatMap(problemOf));
  if (problems.length > 0 || parsed.kind === 'problems') return { kind: 'problems', problems };
  const pulse = every === '' ? null : { every, for: lasting };
  const words = describeImpairment(parsed.impairment) + (pulse === null ? '' : ` for ${lasting} every ${every}`);
  return { kind: 'fault', inject: filled({ ...plain, loss_model: lossModel }), pulse, words };
}

/** The unit that stands beside a field is meant when a number stands alone in it. */
function withUnits(fields: FaultFields): FaultFields {
  const changed: Record<FaultField, string> = { ...fields };
  for (const { field, unit } of OWN_FIELDS) {
    const text = fields[field].trim();
    changed[field] = /^\d+(\.\d+)?$/.test(text) ? text + unit : text;
  }
  return changed;
}

function filled(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}

function problemOf(problem: { key: string; given: string; allowed: string }): FieldProblem<FaultField>[] {
  const { key, given, allowed } = problem;
  const field = isFaultField(key) ? key : 'loss';
  // That nothing is given at all is told under the first field there is, in the words that stand before the fields.
  if (given === 'nothing' || (key === 'delay' && parseTime(given) === 0)) {
    const labels = BREAKING_FIELDS.map(({ label }) => label);
    const names = `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`;
    return [{ field: 'loss', text: `Nothing would be broken: fill in at least one of ${names}.` }];
  }
  return [{ field, text: `“${given}” cannot be used; allowed is ${allowed}.` }];
}

function isFaultField(key: string): key is FaultField {
  return key in EMPTY_FAULT;
}

function pulseProblems(every: string, lasting: string, durationSeconds: number): FieldProblem<FaultField>[] {
  if (every === '' && lasting === '') return [];
  const [period, active] = [parseTime(every), parseTime(lasting)];
  const problems: FieldProblem<FaultField>[] = [];
  const times = [
    ['every', every, period],
    ['for', lasting, active],
  ] as const;
  for (const [field, text, seconds] of times) {
    if (typeof seconds === 'number' && seconds > 0) continue;
    const own = OWN_FIELDS.find((shown) => shown.field === field);
    const given = text === '' ? `“${own?.label}” is missing` : `“${text}” cannot be used`;
    problems.push({ field, text: `${given}: give a time above 0, like ${own?.example}.` });
  }
  if (problems.length > 0 || typeof period !== 'number' || typeof active !== 'number') return problems;
  if (active >= period) problems.push({ field: 'for', text: `It has to be shorter than ${every}, so that it ends.` });
  if (period > durationSeconds) {
    problems.push({
      field: 'every',
      text: `It would come only once: give at most the duration, ${durationSeconds} s.`,
    });
  }
  return problems;
}
