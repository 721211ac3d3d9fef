import { leastSilenceSeconds } from '../core/detect/silence.ts';
import type { Hearing } from './hearing.ts';
import type { Recording } from './recording.ts';

/** What was recorded of a server at one go: indices of its samples, in the order of their reception. */
export type Stretch = Uint32Array;

/**
 * Takes apart what was not recorded at one go, as capsules of one server that were put together with `cat`. Between two
 * of them nobody listened: that nothing came there says nothing. Those that overlap or touch are one.
 * @param order as the recording gives it
 * @returns in the order of time; none of them is empty
 */
export function stretchesOf(
  recording: Recording,
  order: Uint32Array,
  { sampleRateHz }: Pick<Hearing, 'sampleRateHz'>,
): readonly Stretch[] {
  const leastGapSeconds = leastSilenceSeconds(sampleRateHz);
  const begins: number[] = [];
  let endSeconds = Number.NEGATIVE_INFINITY;
  for (const [fromSeconds, untilSeconds] of recording.parts().toSorted(([a], [b]) => a - b)) {
    if (fromSeconds - endSeconds > leastGapSeconds) begins.push(fromSeconds);
    endSeconds = Math.max(endSeconds, untilSeconds);
  }
  const starts: number[] = [];
  for (const [i, at] of order.entries()) {
    const begin = begins[starts.length];
    if (begin !== undefined && recording.receivedSeconds(at) >= begin) starts.push(i);
  }
  return starts.map((start, i) => order.subarray(start, starts[i + 1]));
}
