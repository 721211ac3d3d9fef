/** How late a timer was, from a histogram that Prometheus reads. */
export interface Lag {
  readonly beats: number;
  readonly meanSeconds: number;
  /** The upper bound of the highest bucket that has anything; Infinity above the last. */
  readonly worstSeconds: number;
}

/** Of one histogram, all its series together, over all these texts. */
export function lagOf(texts: readonly string[], metric: string): Lag {
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith(metric));
  const total = (suffix: string): number =>
    lines.filter((line) => line.startsWith(`${metric}${suffix}`)).reduce((all, line) => all + valueOf(line), 0);
  const cumulative = new Map<number, number>();
  for (const line of lines) {
    const bound = /le="([^"]+)"/.exec(line)?.[1];
    if (bound === undefined) continue;
    const seconds = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
    cumulative.set(seconds, (cumulative.get(seconds) ?? 0) + valueOf(line));
  }
  const beats = total('_count');
  const bounds = [...cumulative.keys()].toSorted((a, b) => a - b);
  const worstSeconds = bounds.find((bound) => (cumulative.get(bound) ?? 0) >= beats) ?? Number.NaN;
  return { beats, meanSeconds: total('_sum') / beats, worstSeconds };
}

export function lagText(who: string, { meanSeconds, worstSeconds }: Lag): string {
  return `${who}: late by ${(meanSeconds * 1000).toFixed(2)} ms on the average, at most ${worstSeconds * 1000} ms`;
}

function valueOf(line: string): number {
  return Number(line.slice(line.lastIndexOf(' ') + 1));
}
