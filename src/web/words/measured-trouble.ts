import type { Verdict } from '../../core/verdict.ts';
import { percentWords, signed, spanWords } from './number-words.ts';

/** From here on a measure is a reason for an ill status, and worth a word. */
export const NOTABLE_LOSS = 0.01;
export const NOTABLE_SECONDS = 0.005;

/** What a server's measures say, where no fault does. */
export interface MeasuredTrouble {
  /** `signal` where no other measure says more. */
  readonly kind: (typeof KINDS)[number] | 'signal';
  /** `loss 20.3 %`. */
  readonly word: string;
  /** `20.3 % of its packets are lost`. */
  readonly clause: string;
  /** In the unit of the measure. */
  readonly size: number;
}

const KINDS = ['loss', 'jitter', 'delay-shift'] as const;

/** Of several measures the one that explains most of the error comes first: loss, then jitter, then delay. */
export function measuredTrouble(verdict: Verdict): MeasuredTrouble {
  for (const kind of KINDS) {
    const measured = notable(kind, verdict);
    if (measured !== null) return { kind, ...measured };
  }
  const error = verdict.spectral_error;
  return { kind: 'signal', word: 'distorted', clause: destroyedWords(error), size: error ?? 0 };
}

/** `62 % of its signal’s power is destroyed`. */
export function destroyedWords(error: number | null): string {
  return `${percentWords(error)} of its signal’s power is destroyed`;
}

function notable(
  kind: (typeof KINDS)[number],
  { loss_ratio: loss, jitter_seconds: jitter, delay_seconds: delay }: Verdict,
): Omit<MeasuredTrouble, 'kind'> | null {
  if (kind === 'loss') {
    if (loss === null || loss < NOTABLE_LOSS) return null;
    const share = percentWords(loss);
    return { word: `loss ${share}`, clause: `${share} of its packets are lost`, size: loss };
  }
  if (kind === 'jitter') {
    if (jitter === null || jitter < NOTABLE_SECONDS) return null;
    const span = spanWords(jitter);
    return { word: `jitter ${span}`, clause: `its packets come unevenly, by ${span}`, size: jitter };
  }
  if (delay === null || Math.abs(delay) < NOTABLE_SECONDS) return null;
  const size = Math.abs(delay);
  const clause = `its packets come ${spanWords(size)} ${delay > 0 ? 'later' : 'earlier'} than they did`;
  return { word: `delay ${signed(spanWords(delay))}`, clause, size };
}
