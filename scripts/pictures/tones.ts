import type { Shape } from './series.ts';
import { COLOUR } from './palette.ts';

/** The tones that are measured, as they are drawn everywhere. */
export const TONES: readonly { readonly hz: number; readonly colour: string; readonly shape: Shape }[] = [
  { hz: 1, colour: COLOUR.grey, shape: 'circle' },
  { hz: 1.35, colour: COLOUR.lightTeal, shape: 'square' },
  { hz: 2.2, colour: COLOUR.amber, shape: 'diamond' },
  { hz: 4.35, colour: COLOUR.vermilion, shape: 'triangle' },
];

/** Error that Gaussian jitter of this standard deviation gives: 1 − e^{−(2πfσ)²}. */
export function jitterError(toneHz: number, sigmaSeconds: number): number {
  return 1 - Math.exp(-((2 * Math.PI * toneHz * sigmaSeconds) ** 2));
}
