/** A stretch of time, Unix seconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Spans that overlap or touch as one, in the order of time. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const whole: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last === undefined || span.from > last.until) whole.push({ from: span.from, until: span.until });
    else whole[whole.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
  }
  return whole;
}
