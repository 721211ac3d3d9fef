/** Maps values onto pixels and back. */
export interface AxisScale {
  readonly low: number;
  readonly high: number;
  /** Pixel of `low`; may be greater than that of `high`, as on axes that point up. */
  readonly from: number;
  readonly to: number;
}

/** Pixel of a value. */
export function toPixel({ low, high, from, to }: AxisScale, value: number): number {
  return from + ((value - low) / (high - low)) * (to - from);
}

/** Value at a pixel, held within the axis. */
export function toValue({ low, high, from, to }: AxisScale, pixel: number): number {
  const share = Math.min(Math.max((pixel - from) / (to - from), 0), 1);
  return low + share * (high - low);
}

/** Round values along an axis, at least `spacing` pixels apart: multiples of 1, 2 or 5 times a power of ten. */
export function niceTicks(axis: AxisScale, spacing: number): readonly number[] {
  const span = axis.high - axis.low;
  const room = Math.max(1, Math.floor(Math.abs(axis.to - axis.from) / spacing));
  const step = niceStep(span / room);
  const ticks: number[] = [];
  const first = Math.ceil(axis.low / step - 1e-9);
  const last = Math.floor(axis.high / step + 1e-9);
  // Products, not sums, so that 0.3 is 0.3; and adding 0 makes −0 a 0.
  for (let at = first; at <= last; at++) ticks.push(Number((at * step).toPrecision(12)) + 0);
  return ticks;
}

/** The smallest of 1, 2, 5, 10, 20, 50 … (and their tenths …) that is not below a value above 0. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return Number((factor * power).toPrecision(12));
}

/** A range that holds all values and has round ends, at least from `low` to `high`. */
export function niceRange(
  values: Iterable<number>,
  least: { low: number; high: number },
): { low: number; high: number } {
  let { low, high } = least;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const step = niceStep((high - low) / 5);
  return {
    low: low < least.low ? Math.floor(low / step) * step : low,
    high: high > least.high ? Math.ceil(high / step) * step : high,
  };
}
