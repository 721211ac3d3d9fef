import type { Fault, FaultKind, Severity, Verdict } from '../../core/verdict.ts';
import { percentWords, signed, spanWords, threeDigits } from './number-words.ts';

/** What is wrong with a server, in words of several lengths. */
export interface Trouble {
  /** What servers with the same trouble have in common; `signal` where no measure says more. */
  readonly kind: FaultKind | 'signal';
  /** For a cell: `loss 20.3 %`. */
  readonly word: string;
  /** For a sentence that names the server before: `20.3 % of its packets are lost`. */
  readonly clause: string;
  /** Unix seconds; null where no fault tells. */
  readonly since: number | null;
  /** `sure to 99.0 %`, `p = 1e−9`; null where no fault tells. */
  readonly certainty: string | null;
}

/** From here on a measure is a reason for an ill status, and worth a word. */
export const NOTABLE_LOSS = 0.01;
export const NOTABLE_SECONDS = 0.005;

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

const FAULT_WORDS: Readonly<Record<FaultKind, readonly [word: string, clause: string]>> = {
  silent: ['silent', 'nothing is heard of it'],
  loss: ['loss', 'packets are lost'],
  'burst-loss': ['burst loss', 'packets are lost in bursts'],
  'periodic-loss': ['periodic loss', 'packets are lost'],
  'delay-shift': ['delay', 'its delay changed'],
  jitter: ['jitter', 'its packets come unevenly'],
  'periodic-delay': ['stalls', 'it stalls'],
  congestion: ['congestion', 'a queue fills up on its way'],
  reorder: ['reordering', 'its packets overtake each other'],
  duplicate: ['duplicates', 'its packets come twice'],
  corrupt: ['corruption', 'its packets are damaged'],
  'clock-drift': ['clock drift', 'its clock runs off'],
  conflict: ['conflict', 'two agents claim its place'],
  'rack-wide': ['rack-wide', 'most of its rack has the same trouble'],
  observer: ['observer', 'its rack controller was late itself'],
};

/** The worst trouble of a server; null when it is well, or not judged yet. */
export function troubleOf(verdict: Verdict): Trouble | null {
  if (verdict.status === 'silent') {
    return { kind: 'silent', word: 'silent', clause: 'nothing is heard of it', since: null, certainty: null };
  }
  const fault = worstFault(verdict.faults);
  if (fault !== undefined) return troubleOfFault(fault, verdict);
  return verdict.status === 'warning' || verdict.status === 'critical' ? troubleOfMeasures(verdict) : null;
}

/** A few words for a cell: the trouble of an ill server, or what is worth a look at a healthy one; null for neither. */
export function wordOf(verdict: Verdict): string | null {
  return (troubleOf(verdict) ?? notableOf(verdict))?.word ?? null;
}

/** What is worth a look at a server that is well enough to be healthy; null when nothing is. */
export function notableOf(verdict: Verdict): Trouble | null {
  if (verdict.status !== 'healthy') return null;
  // A controller that was late itself cannot blame the way for jitter.
  const isObserverLate = verdict.faults.some(({ kind }) => kind === 'observer');
  const trouble = troubleOfMeasures(verdict);
  if (trouble.kind === 'signal' || (isObserverLate && trouble.kind !== 'loss')) return null;
  return { ...trouble, clause: `healthy, but ${trouble.clause}` };
}

function worstFault(faults: readonly Fault[]): Fault | undefined {
  return faults
    .filter(({ severity }) => severity !== 'info')
    .toSorted((a, b) => SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] || a.since - b.since)[0];
}

function troubleOfFault(fault: Fault, verdict: Verdict): Trouble {
  const { kind, since, parameters } = fault;
  const measured =
    kind === 'loss' || kind === 'jitter' || kind === 'delay-shift' ? measuredTrouble(kind, verdict) : null;
  const [word, clause] = FAULT_WORDS[kind];
  const { period_seconds: period, amplitude_seconds: amplitude, duration_seconds: duration } = parameters;
  const long = amplitude ?? duration;
  const facts = [
    ...(period === undefined ? [] : [`every ${spanWords(period)}`]),
    ...(long === undefined ? [] : [`${spanWords(long)} long`]),
  ];
  return {
    kind,
    word: measured?.word ?? [word, ...facts.slice(0, 1)].join(' '),
    clause: measured?.clause ?? [clause, facts.join(', ')].join(' ').trimEnd(),
    since,
    certainty: certaintyOf(fault),
  };
}

function certaintyOf({ confidence, parameters }: Fault): string {
  const { p_value: p } = parameters;
  if (p !== undefined) return `p = ${p.toExponential(0).replaceAll('-', '−')}`;
  return `sure to ${percentWords(Math.min(confidence, 0.999))}`;
}

/** Of several measures the one that explains most of the error comes first: loss, then jitter, then delay. */
function troubleOfMeasures(verdict: Verdict): Trouble {
  for (const kind of ['loss', 'jitter', 'delay-shift'] as const) {
    const measured = measuredTrouble(kind, verdict);
    if (measured !== null) return { kind, ...measured, since: null, certainty: null };
  }
  const error = verdict.spectral_error;
  const clause = `${percentWords(error)} of its signal’s power is destroyed`;
  return { kind: 'signal', word: 'distorted', clause, since: null, certainty: null };
}

function measuredTrouble(
  kind: 'loss' | 'jitter' | 'delay-shift',
  { loss_ratio: loss, jitter_seconds: jitter, delay_seconds: delay }: Verdict,
): { word: string; clause: string } | null {
  if (kind === 'loss') {
    if (loss === null || loss < NOTABLE_LOSS) return null;
    return { word: `loss ${percentWords(loss)}`, clause: `${percentWords(loss)} of its packets are lost` };
  }
  if (kind === 'jitter') {
    if (jitter === null || jitter < NOTABLE_SECONDS) return null;
    return { word: `jitter ${spanWords(jitter)}`, clause: `its packets come unevenly, by ${spanWords(jitter)}` };
  }
  if (delay === null || Math.abs(delay) < NOTABLE_SECONDS) return null;
  const direction = delay > 0 ? 'later' : 'earlier';
  const clause = `its packets come ${spanWords(Math.abs(delay))} ${direction} than they did`;
  return { word: `delay ${signed(spanWords(delay))}`, clause };
}

/** Spectral error as cells and lists show it, 0 to 1. */
export function errorWords(error: number): string {
  return error < 0.0005 ? '0.000' : error >= 0.0995 ? threeDigits(error) : error.toFixed(3);
}
