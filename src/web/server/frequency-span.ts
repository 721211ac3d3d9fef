/** How far from the tone the frequency axis may reach, Hz; beyond the first it reaches as far as the slots tell. */
const SPANS_HZ = [10, 5, 2, 1] as const;

/** Half widths that make sense for a sample rate: all there is, then ever less. */
export function spanChoices(sampleRateHz: number): readonly number[] {
  // The rate is measured: what differs from one window to the next is no other choice.
  const whole = Number((sampleRateHz / 2).toPrecision(3));
  return [whole, ...SPANS_HZ.filter((span) => span < whole * 0.99)];
}

/** The next narrower (`+1`) or wider (`−1`) choice. */
export function stepSpan(choices: readonly number[], span: number, step: 1 | -1): number {
  const at = Math.max(0, choices.indexOf(span));
  return choices[Math.min(Math.max(at + step, 0), choices.length - 1)] ?? span;
}
