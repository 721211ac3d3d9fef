import type { ClockRecovery } from '../clock-recovery.ts';

/** A slope cannot be known better than to this. */
const MIN_SLOPE_ERROR = 0.1e-6;

/** A straight line through the delays of some blocks of a clock. */
export interface BlockLine {
  /** Seconds of delay gained in a second. */
  readonly slope: number;
  /** Standard error of the slope, in the same unit. */
  readonly slopeError: number;
  /** Delay where the line begins: at the first of the blocks. */
  readonly interceptSeconds: number;
  /** Root mean square of what the delays lie off the line. */
  readonly residueSeconds: number;
}

/** Least squares over `count` blocks, three at least, from the block `from` on (0 is the oldest). */
export function fitBlocks(clock: ClockRecovery, from: number, count: number): BlockLine {
  const originSeconds = clock.blockSentSeconds(from);
  const originDelay = clock.blockDelaySeconds(from);
  let [sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0];
  for (let i = from; i < from + count; i++) {
    const x = clock.blockSentSeconds(i) - originSeconds;
    const y = clock.blockDelaySeconds(i) - originDelay;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
    sumYY += y * y;
  }
  const spread = sumXX - (sumX * sumX) / count;
  const slope = (sumXY - (sumX * sumY) / count) / spread;
  const rest = Math.max(0, sumYY - (sumY * sumY) / count - slope * slope * spread);
  return {
    slope,
    slopeError: Math.max(Math.sqrt(rest / (count - 2) / spread), MIN_SLOPE_ERROR),
    interceptSeconds: originDelay + (sumY - slope * sumX) / count,
    residueSeconds: Math.sqrt(rest / count),
  };
}
