import type { SpectralLine } from './spectral-lines.ts';

/** Lines are of one family when they lie within this many bins of a multiple of its spacing. */
const TOLERANCE_BINS = 0.6;

/** Lines at multiples of one frequency, above and below the tone: one thing that happens again and again. */
export interface LineFamily {
  readonly spacingHz: number;
  readonly periodSeconds: number;
  readonly lines: readonly SpectralLine[];
}

/**
 * The family that most of the lines belong to; null where fewer than two do. Whatever repeats with a period modulates
 * the tone, and modulation makes pairs of lines, so one line alone says less.
 */
export function findFamily(lines: readonly SpectralLine[], binWidthHz: number): LineFamily | null {
  let best: LineFamily | null = null;
  for (const candidate of lines) {
    const guess = familyOf(Math.abs(candidate.offsetHz), lines, binWidthHz);
    const family = familyOf(guess.spacingHz, lines, binWidthHz);
    // A smaller spacing hits more by chance: it must explain more lines than a larger one does.
    if (family.lines.length < 2) continue;
    const isBetter =
      best === null ||
      family.lines.length > best.lines.length ||
      (family.lines.length === best.lines.length && family.spacingHz > best.spacingHz);
    if (isBetter) best = family;
  }
  return best;
}

/** Which multiple of the family's spacing a line is, negative below the tone; null for a line of no family. */
export function orderIn(family: LineFamily | null, line: SpectralLine): number | null {
  return family?.lines.includes(line) === true ? Math.round(line.offsetHz / family.spacingHz) : null;
}

function familyOf(guessHz: number, lines: readonly SpectralLine[], binWidthHz: number): LineFamily {
  const tolerance = TOLERANCE_BINS * binWidthHz;
  const members = lines.filter(({ offsetHz }) => {
    const order = Math.round(offsetHz / guessHz);
    return order !== 0 && Math.abs(offsetHz - order * guessHz) <= tolerance;
  });
  // Least squares of offset = order · spacing: the higher orders know the spacing best.
  let above = 0;
  let below = 0;
  for (const { offsetHz } of members) {
    const order = Math.round(offsetHz / guessHz);
    above += order * offsetHz;
    below += order * order;
  }
  const spacingHz = below > 0 ? above / below : guessHz;
  return { spacingHz, periodSeconds: 1 / spacingHz, lines: members };
}
