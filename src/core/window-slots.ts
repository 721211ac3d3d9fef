import type { SpectrumPlan } from './power-spectrum.ts';
import type { Stream } from './stream.ts';

/** A window slot by slot, oldest first, for people and charts. All lists are of the same length. */
export interface WindowSlots {
  /** Sequence number of the first slot, unwrapped. */
  readonly first_slot: number;
  readonly sample_rate_hz: number;
  /** Unix seconds, the sender's clock, at which the newest slot was sent or was to be sent. */
  readonly newest_sent: number;
  /** One letter a slot: `r` received, `l` lost, `w` not there yet, its deadline has not passed. */
  readonly slots: string;
  /** How much later than the learned baseline each sample came, seconds; null where none came, or nothing is learned. */
  readonly lateness_seconds: readonly (number | null)[];
  /** The sample at baseband relative to the mean amplitude: on a clean link 1 + 0j, turned by a constant. */
  readonly in_phase: readonly (number | null)[];
  readonly quadrature: readonly (number | null)[];
}

const LATENESS_STEPS_PER_SECOND = 1e5;
const VALUE_STEPS = 1000;

/**
 * Says what became of each slot of a window. While a stream is silent its window moves on with time, so that what does
 * not come is seen to be lost.
 * @param plan its input holds the newest window at baseband, as `SlotLoader.load` leaves it
 * @param options.meanPower of what came, as `SlotLoader.load` gives it
 * @param options.nowSeconds receiver's clock, unix seconds
 */
export function describeSlots(
  stream: Stream,
  plan: SpectrumPlan,
  options: { meanPower: number; sampleRateHz: number; nowSeconds: number },
): WindowSlots {
  const { slots, clock, losses } = stream;
  const { meanPower, sampleRateHz, nowSeconds } = options;
  const quietSeconds = stream.isSilent(nowSeconds) ? nowSeconds - stream.lastHeardSeconds : 0;
  const head = slots.newest + Math.min(Math.floor(quietSeconds * stream.options.sampleRateHz), slots.size);
  const first = head - plan.size + 1;
  const matured = losses.maturedIndex(head);
  const scale = meanPower > 0 ? 1 / Math.sqrt(meanPower) : 0;
  const indexes = Array.from({ length: plan.size }, (_, n) => first + n);
  const part = (offset: 0 | 1) => (index: number) => {
    if (!slots.has(index)) return null;
    const value = plan.input[2 * (index - slots.newest + plan.size - 1) + offset] ?? 0;
    return rounded(value * scale, VALUE_STEPS);
  };
  return {
    first_slot: first,
    sample_rate_hz: sampleRateHz,
    newest_sent: newestSent(stream, head, sampleRateHz),
    slots: indexes.map((index) => (slots.has(index) ? 'r' : index <= matured ? 'l' : 'w')).join(''),
    lateness_seconds: indexes.map((index) => {
      if (!clock.isLearned || !slots.has(index)) return null;
      const lateSeconds = slots.delaySeconds(index) - clock.expectedDelaySeconds(slots.sentSeconds(index));
      return rounded(lateSeconds, LATENESS_STEPS_PER_SECOND);
    }),
    in_phase: indexes.map(part(0)),
    quadrature: indexes.map(part(1)),
  };
}

/** When the slot at the head was sent, or would have been: reckoned from the newest one that came. */
function newestSent({ slots, newestSentSeconds }: Stream, head: number, sampleRateHz: number): number {
  for (let index = slots.newest; !slots.isForgotten(index); index--) {
    if (slots.has(index)) return slots.sentSeconds(index) + (head - index) / sampleRateHz;
  }
  return newestSentSeconds + (head - slots.newest) / sampleRateHz;
}

/** To a whole number of steps; never −0, which JSON does not have. */
function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps + 0;
}
