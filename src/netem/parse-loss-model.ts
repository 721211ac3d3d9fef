import type { GilbertElliottLoss } from './impairment.ts';
import { MIN_RATIO } from './impairment-limits.ts';
import { parsePercent, roundRatio } from './quantity-text.ts';

/** Ends the sentence "allowed: …". */
export const LOSS_MODEL_ALLOWED =
  'gemodel:p,r,1-h,1-k in per cent, like gemodel:1,10,70,0.1: the chance to go from good to bad (above 0), from bad to ' +
  'good (100 - p when left out), to lose a packet in the bad state (100) and in the good state (0), not both of them 0';

/** Reads `gemodel:p[,r[,1-h[,1-k]]]` in per cent; what is left out is netem's default. Null if it is none. */
export function parseLossModel(text: string | number): GilbertElliottLoss | null {
  const [, list] = /^gemodel:(.+)$/.exec(String(text).trim()) ?? [];
  if (list === undefined) return null;
  const ratios = list.split(',').map(parsePercent);
  if (ratios.length > 4 || ratios.some((ratio) => ratio === null || ratio > 1)) return null;
  const p = ratios[0] ?? 0;
  const r = ratios[1] ?? roundRatio(1 - p);
  const lossInBad = ratios[2] ?? 1;
  const lossInGood = ratios[3] ?? 0;
  if (p < MIN_RATIO || lossInBad + lossInGood < MIN_RATIO) return null;
  return { model: 'gemodel', p, r, lossInBad, lossInGood };
}
