import type { DetectionResults } from './measure.ts';

/** One sentence on false alarms. */
export function falseAlarmText({ clean }: DetectionResults): string {
  const { streamDays, alarms, streamDaysPerMinute } = clean;
  const kinds = new Map<string, number>();
  for (const { kind } of alarms) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const which = [...kinds].map(([kind, count]) => `${count} × ${kind}`).join(', ');
  const rate = (alarms.length / streamDays) * 30;
  const limit = (poissonLimit(alarms.length) / streamDays) * 30;
  const speed = ` One core simulates and judges ${Math.round(streamDaysPerMinute)} stream-days a minute.`;
  return `${alarms.length} false alarms in ${streamDays} stream-days${which ? ` (${which})` : ''}: ${rate.toPrecision(2)} per stream in 30 days, with 95 % confidence below ${limit.toPrecision(2)}; the target is at most 1.${speed}`;
}

/** The mean of a Poisson variable that is this small by a chance of 5 %: the mean is below that with 95 % confidence. */
function poissonLimit(count: number): number {
  let [low, high] = [count, 2 * count + 10];
  while (high - low > 1e-6) {
    const mean = (low + high) / 2;
    let [term, sum] = [Math.exp(-mean), 0];
    for (let n = 0; n <= count; term *= mean / ++n) sum += term;
    if (sum > 0.05) low = mean;
    else high = mean;
  }
  return high;
}
