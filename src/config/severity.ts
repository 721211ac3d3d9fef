import {
  DEFAULT_DETECTION,
  type DetectionOptions,
  type MeasuredKind,
  type SeverityThresholds,
} from '../core/detect/detection-options.ts';
import { field, listKind, orNone } from './fields.ts';

/** Thresholds of the kinds that an operator named; the others keep their defaults. */
export type Severities = Readonly<Partial<Record<MeasuredKind, SeverityThresholds>>>;

/** Beyond what any fault reaches, so that a severity can be turned off: 1 for shares, else this. */
const MAX_THRESHOLD = 1_000_000;
const SHARES: ReadonlySet<MeasuredKind> = new Set([
  'loss',
  'burst-loss',
  'periodic-loss',
  'reorder',
  'duplicate',
  'corrupt',
]);
const NUMBER = /^\d+(?:\.\d+)?$/;

/** From which size on a fault is a warning, and from which on it is critical. */
export const severity = field(
  orNone(
    listKind(
      parseSeverities,
      'KIND=WARNING/CRITICAL like loss=0.01/0.2 or loss=0.01/0.2,jitter=0.01/0.05, each kind once, with ' +
        '0 < WARNING ≤ CRITICAL, in shares up to 1 for losses, reorder, duplicate and corrupt, in ppm for clock-drift, ' +
        `else in seconds, up to ${MAX_THRESHOLD}; kinds: ${Object.keys(DEFAULT_DETECTION.severity).join(', ')}`,
    ),
  ),
  {
    description:
      'size from which a fault is warning, and from which it is critical: loss=0.01/0.2,delay-shift=0.01/0.1',
    initial: null,
    defaultText: 'the table in docs/detection.md',
  },
);

/**
 * Reads thresholds: `loss=0.01/0.2,jitter=0.01/0.05`, an array of such texts, or an object: `{ "loss": [0.01, 0.2] }`.
 * Null when it is none of these, a kind is unknown or named twice, or a number is out of bounds.
 */
export function parseSeverities(input: unknown): Severities | null {
  const pairs = pairsOf(input);
  if (pairs === null) return null;
  const severities = new Map<MeasuredKind, SeverityThresholds>();
  for (const [kind, given] of pairs) {
    if (!isMeasured(kind) || severities.has(kind)) return null;
    const thresholds = thresholdsOf(given, SHARES.has(kind) ? 1 : MAX_THRESHOLD);
    if (thresholds === null) return null;
    severities.set(kind, thresholds);
  }
  return severities.size === 0 ? null : Object.fromEntries(severities);
}

/** As `--severity` takes them. */
export function severityText(severities: Severities): string {
  return Object.entries(severities)
    .map(([kind, [warning, critical]]) => `${kind}=${warning}/${critical}`)
    .join(',');
}

/** What the detectors work with: the defaults, but for what an operator named. */
export function detectionWith(severities: Severities | null): DetectionOptions {
  return { ...DEFAULT_DETECTION, severity: { ...DEFAULT_DETECTION.severity, ...severities } };
}

function pairsOf(input: unknown): [string, unknown][] | null {
  if (typeof input === 'string') return pairsOf([input]);
  if (typeof input !== 'object' || input === null) return null;
  if (!Array.isArray(input)) return Object.entries(input);
  const texts: unknown[] = input;
  if (!texts.every((item) => typeof item === 'string')) return null;
  return texts
    .flatMap((item) => item.split(','))
    .map((item): [string, unknown] => {
      const at = item.indexOf('=');
      return [item.slice(0, Math.max(at, 0)), item.slice(at + 1)];
    });
}

function thresholdsOf(given: unknown, most: number): SeverityThresholds | null {
  const parts: unknown[] = typeof given === 'string' ? given.split('/') : Array.isArray(given) ? given : [];
  const [warning, critical] = parts.map(numberOf);
  if (parts.length !== 2 || warning === undefined || critical === undefined) return null;
  return warning > 0 && warning <= critical && critical <= most ? [warning, critical] : null;
}

/** NaN, which no comparison lets through, for what is no number. */
function numberOf(part: unknown): number {
  if (typeof part === 'number') return part;
  return typeof part === 'string' && NUMBER.test(part) ? Number(part) : Number.NaN;
}

function isMeasured(kind: string): kind is MeasuredKind {
  return Object.hasOwn(DEFAULT_DETECTION.severity, kind);
}
