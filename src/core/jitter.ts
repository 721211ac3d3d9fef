import { quantileInPlace } from './order-statistics.ts';

/**
 * One step of the interarrival jitter of RFC 3550, section 6.4.1: J += (|D| − J) / 16.
 * @param jitterSeconds J so far
 * @param delayChangeSeconds D, the difference of the transit times of two packets in their order of arrival
 */
export function interarrivalJitter(jitterSeconds: number, delayChangeSeconds: number): number {
  return jitterSeconds + (Math.abs(delayChangeSeconds) - jitterSeconds) / 16;
}

/**
 * Packet delay variation of RFC 5481, section 4.2: the 95th percentile of the delays above the window's minimum.
 * @param delaysSeconds the first `length` values count; they are reordered
 * @returns seconds; NaN for an empty window
 */
export function packetDelayVariation(delaysSeconds: Float64Array, length: number): number {
  let minimum = Number.POSITIVE_INFINITY;
  for (let i = 0; i < length; i++) minimum = Math.min(minimum, delaysSeconds[i] ?? minimum);
  return quantileInPlace(delaysSeconds, length, 0.95) - minimum;
}
