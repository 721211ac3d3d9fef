/** Inferno (van der Walt and Smith 2015, CC0): brightness rises evenly with the value, for every kind of colour vision. */
const INFERNO = [
  [0, 0, 4],
  [27, 12, 66],
  [75, 12, 107],
  [120, 28, 109],
  [165, 44, 96],
  [207, 68, 70],
  [237, 105, 37],
  [251, 154, 6],
  [247, 208, 60],
  [252, 255, 164],
] as const;

const STEPS = 256;

/** What the colours of a waterfall mean: the darkest and everything below it, the brightest and everything above it. */
export const WATERFALL_RANGE_DB = { low: -100, high: 0 } as const;

/** Red, green, blue of 256 steps, three bytes each. */
export const COLOUR_TABLE: Uint8ClampedArray = makeTable();

/** Where in the table a power is. */
export function colourIndex(powerDb: number): number {
  const { low, high } = WATERFALL_RANGE_DB;
  const share = (powerDb - low) / (high - low);
  return Math.round(Math.min(Math.max(share, 0), 1) * (STEPS - 1));
}

/** A power's colour, as CSS. */
export function colourText(powerDb: number): string {
  const at = 3 * colourIndex(powerDb);
  return `rgb(${COLOUR_TABLE[at]} ${COLOUR_TABLE[at + 1]} ${COLOUR_TABLE[at + 2]})`;
}

function makeTable(): Uint8ClampedArray {
  const table = new Uint8ClampedArray(3 * STEPS);
  for (let step = 0; step < STEPS; step++) {
    const place = (step / (STEPS - 1)) * (INFERNO.length - 1);
    const from = INFERNO[Math.floor(place)] ?? INFERNO[0];
    const to = INFERNO[Math.ceil(place)] ?? INFERNO[0];
    const share = place - Math.floor(place);
    for (const channel of [0, 1, 2] as const) {
      table[3 * step + channel] = from[channel] + share * (to[channel] - from[channel]);
    }
  }
  return table;
}
