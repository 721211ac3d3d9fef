import { toFixedPoint } from './fixed-point.ts';
import type { GilbertElliottLoss, Impairment } from './impairment.ts';

/**
 * Whether the next packet is lost, as `loss_event` of Linux' net/sched/sch_netem.c decides it, draw for draw.
 *
 * @param random uniform unsigned 32 bit
 */
export function createLossModel(loss: Impairment['loss'], random: () => number): () => boolean {
  if (loss === null) return () => false;
  if (loss.model === 'gemodel') return createGilbertElliott(loss, random);
  const threshold = toFixedPoint(loss.ratio);
  return () => threshold > 0 && threshold >= random();
}

/** Begins in the good state. First the state moves, then the loss is drawn with the chance of the state before. */
function createGilbertElliott(loss: GilbertElliottLoss, random: () => number): () => boolean {
  const toBad = toFixedPoint(loss.p);
  const toGood = toFixedPoint(loss.r);
  const keptInBad = toFixedPoint(1) - toFixedPoint(loss.lossInBad);
  const lostInGood = toFixedPoint(loss.lossInGood);
  let isGood = true;
  return () => {
    if (isGood) {
      if (random() < toBad) isGood = false;
      return random() < lostInGood;
    }
    if (random() < toGood) isGood = true;
    return random() > keptInBad;
  };
}
