import { parseImpairment, type ImpairmentTexts } from '../../netem/parse-impairment.ts';
import type { Phase } from '../../wire/injection.ts';

export type ImpairmentKey = keyof ImpairmentTexts;
export type TextValue = string | number;

/** What a ramp can move: plain numbers with one unit. */
export const RAMP_KEYS = [
  'delay',
  'jitter',
  'correlation',
  'loss',
  'corrupt',
  'duplicate',
  'reorder',
  'rate',
] as const satisfies readonly ImpairmentKey[];

export type RampKey = (typeof RAMP_KEYS)[number];

export interface RampMove {
  readonly key: RampKey;
  readonly from: TextValue;
  readonly to: TextValue;
}

/** A problem of a fault, with the key it is about. */
export interface FaultProblem {
  readonly key: ImpairmentKey;
  readonly given: string;
  readonly allowed: string;
}

export type PhasesResult =
  | { readonly kind: 'phases'; readonly phases: readonly Phase[] }
  | { readonly kind: 'problems'; readonly problems: readonly FaultProblem[] };

/**
 * A ramp as phases: `steps` equal steps of time and of size, beginning with `from`; `to` is reached after `overSeconds`
 * and holds to the end. A value of 0 is nothing.
 */
export function rampPhases(ramp: {
  readonly fixed: ImpairmentTexts;
  readonly moves: readonly RampMove[];
  readonly overSeconds: number;
  readonly steps: number;
  readonly durationSeconds: number;
}): PhasesResult {
  const { fixed, moves, overSeconds, steps, durationSeconds } = ramp;
  const phases: Phase[] = [];
  for (let step = 0; step <= steps; step++) {
    const moved = moves.map(({ key, from, to }) => [key, textBetween(from, to, step / steps)] as const);
    const parsed = phaseImpairment({ ...fixed, ...Object.fromEntries(moved) });
    if (parsed.kind === 'problems') return parsed;
    // What is over when `to` is reached has no last phase.
    const seconds = step < steps ? overSeconds / steps : durationSeconds - overSeconds;
    if (seconds > 0) phases.push({ seconds, impairment: parsed.impairment });
  }
  return { kind: 'phases', phases };
}

/** A fault that comes back `every` so often and lasts `for` so long each time: two phases that repeat. */
export function pulsePhases(impairment: Phase['impairment'], pulse: { every: number; for: number }): readonly Phase[] {
  return [
    { seconds: pulse.for, impairment },
    { seconds: round(pulse.every - pulse.for), impairment: null },
  ];
}

/** Null when the values of a ramp have no common unit, or are no plain numbers. */
function textBetween(from: TextValue, to: TextValue, share: number): TextValue | undefined {
  const [a, b] = [quantityOf(from), quantityOf(to)];
  const unit = a?.value === 0 ? b?.unit : a?.unit;
  if (a === null || b === null || unit === undefined) return undefined;
  const value = round(a.value + (b.value - a.value) * share);
  if (value === 0) return undefined;
  return unit === '' ? value : `${value}${unit}`;
}

/** True when something can be between the two: plain numbers of one unit, where 0 needs none. */
export function isMovable(from: TextValue, to: TextValue): boolean {
  const [a, b] = [quantityOf(from), quantityOf(to)];
  if (a === null || b === null) return false;
  return a.unit === b.unit || (a.value === 0 && a.unit === '') || (b.value === 0 && b.unit === '');
}

/** Nothing at all is no problem in a phase. */
function phaseImpairment(
  texts: ImpairmentTexts,
): ReturnType<typeof parseImpairment> | { kind: 'impairment'; impairment: null } {
  const isNothing = Object.values(texts).every((text) => text === undefined);
  return isNothing ? { kind: 'impairment', impairment: null } : parseImpairment(texts);
}

function quantityOf(text: TextValue): { value: number; unit: string } | null {
  const match = /^(\d{1,20}(?:\.\d{1,20})?) ?([a-z%]*)$/i.exec(String(text).trim());
  return match ? { value: Number(match[1]), unit: match[2] ?? '' } : null;
}

/** Sums and shares of decimals have tails. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
