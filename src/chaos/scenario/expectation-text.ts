import { percentText } from '../../terminal/number-text.ts';
import type { Bounds, Demand } from './scenario.ts';
import type { SeenValue, SeenValues } from './scenario-report.ts';

/** What is demanded, in words: `warning or critical, spectral_error 0.15 to 0.25`. */
export function demandText({ statuses, fault, numbers }: Demand): string {
  const parts = numbers.map(({ name, bounds }) => `${name} ${boundsText(bounds)}`);
  if (fault !== null) parts.unshift(`fault ${fault}`);
  if (statuses !== null) parts.unshift(statuses.join(' or '));
  return parts.join(', ');
}

/** The whole of it: `healthy for 60 s within 75 s`. */
export function expectedText(expectation: {
  readonly demand: Demand;
  readonly holdSeconds: number;
  readonly withinSeconds: number;
}): string {
  const { demand, holdSeconds, withinSeconds } = expectation;
  const hold = holdSeconds === 0 ? '' : ` for ${secondsText(holdSeconds)}`;
  return `${demandText(demand)}${hold} within ${secondsText(withinSeconds)}`;
}

/** Seconds as a story tells them: `0.3 s`, `12 s`. */
export function secondsText(seconds: number): string {
  return `${seconds < 10 && !Number.isInteger(seconds) ? Number(seconds.toPrecision(2)) : Math.round(seconds * 10) / 10} s`;
}

/** `silent, spectral_error 1`, `healthy, spectral_error 0.012, fault none`. */
export function valuesText(values: SeenValues | null): string {
  if (values === null) return 'not heard of';
  return Object.entries(values)
    .map(([name, value]) => (name === 'status' ? valueText(name, value) : `${name} ${valueText(name, value)}`))
    .join(', ');
}

function boundsText({ min, max }: Bounds): string {
  if (min === null) return `at most ${max}`;
  return max === null ? `at least ${min}` : `${min} to ${max}`;
}

function valueText(name: string, value: SeenValue): string {
  if (value === null) return 'not known';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return value.join(' and ') || 'none';
  return name === 'loss_ratio' ? `${percentText(value)} %` : String(Number(value.toPrecision(3)));
}
