import { decimalText } from './decimal-text.ts';
import type { Impairment } from './impairment.ts';
import { DEFAULT_LIMIT_PACKETS } from './impairment-limits.ts';

/** An Ethernet frame of the usual size, which a token bucket must be able to let through at once. */
const FRAME_BYTES = 1514;
/** What the bucket of a `tbf` holds at least: a little more than one frame. */
const MIN_BURST_BYTES = 1600;
/** What a `tbf` lets through at once, in time at its rate: short against the 50 ms between two samples. */
const BURST_SECONDS = 0.01;

/**
 * What follows `netem` on the command line of `tc qdisc add`, for iproute2 6.1 and later.
 *
 * What is not named, `tc qdisc change` and `replace` leave as it is: correlation, corruption, rate and distribution of a
 * netem that is already there (the kernel takes each from an attribute of its own). The arguments for null name all of
 * them but the distribution, since no argument brings `uniform` back: for that the qdisc is deleted and added anew.
 *
 * @param impairment checked; null: a netem that does nothing
 * @param seed 0 to 2^32 - 1, for tc since 6.6 and Linux since 6.7; others refuse the word. Null: unseeded
 */
export function netemArguments(impairment: Impairment | null, seed: number | null): readonly string[] {
  const seedArguments = seed === null ? [] : ['seed', String(seed)];
  if (impairment === null) {
    const nothing = ['delay', '0ms', '0ms', '0%', 'corrupt', '0%', 'rate', '0bit'];
    return ['limit', String(DEFAULT_LIMIT_PACKETS), ...nothing, ...seedArguments];
  }
  const { corruptRatio, duplicateRatio, rateBitsPerSecond, limitPackets } = impairment;
  return [
    ...(limitPackets === null ? [] : ['limit', String(limitPackets)]),
    ...delayArguments(impairment.delay),
    ...lossArguments(impairment.loss),
    ...(corruptRatio === null ? [] : ['corrupt', percentText(corruptRatio)]),
    ...(duplicateRatio === null ? [] : ['duplicate', percentText(duplicateRatio)]),
    ...reorderArguments(impairment.reorder),
    ...(rateBitsPerSecond === null ? [] : ['rate', rateText(rateBitsPerSecond)]),
    ...seedArguments,
  ];
}

/**
 * What follows `tc qdisc add dev DEVICE root`: `netem` and its arguments, or, when a rate is all there is, `tbf`, which
 * every kernel has. Its bucket holds 10 ms of the rate, at least a frame; as many bytes may wait as netem would let wait
 * in whole frames. A limit in packets is something that only netem knows.
 */
export function qdiscArguments(impairment: Impairment | null, seed: number | null): readonly string[] {
  const rate = onlyRate(impairment);
  return rate === null ? ['netem', ...netemArguments(impairment, seed)] : tbfArguments(rate);
}

/**
 * A time as tc reads it, to the microsecond: `2s`, `200ms`, `1500us`. Always a whole number: tc of 6.1 cuts off what is
 * finer, and may lose a microsecond of a fraction. What is not 0 stays so: tc takes a distribution only with some jitter.
 */
export function timeText(seconds: number): string {
  const microseconds = seconds === 0 ? 0 : Math.max(1, Math.round(seconds * 1e6));
  if (microseconds % 1e3 !== 0) return `${microseconds}us`;
  return microseconds >= 1e6 && microseconds % 1e6 === 0 ? `${microseconds / 1e6}s` : `${microseconds / 1e3}ms`;
}

function onlyRate(impairment: Impairment | null): number | null {
  if (impairment === null) return null;
  const { rateBitsPerSecond, ...others } = impairment;
  return Object.values(others).every((other) => other === null) ? rateBitsPerSecond : null;
}

function tbfArguments(bitsPerSecond: number): readonly string[] {
  const burst = Math.max(MIN_BURST_BYTES, Math.ceil((bitsPerSecond / 8) * BURST_SECONDS));
  const limit = DEFAULT_LIMIT_PACKETS * FRAME_BYTES;
  return ['tbf', 'rate', rateText(bitsPerSecond), 'burst', `${burst}b`, 'limit', `${limit}b`];
}

function delayArguments(delay: Impairment['delay']): readonly string[] {
  if (delay === null) return [];
  const mean = ['delay', timeText(delay.seconds)];
  if (delay.jitterSeconds === 0) return mean;
  return [
    ...mean,
    timeText(delay.jitterSeconds),
    ...(delay.correlation === 0 ? [] : [percentText(delay.correlation)]),
    ...(delay.distribution === 'uniform' ? [] : ['distribution', delay.distribution]),
  ];
}

function lossArguments(loss: Impairment['loss']): readonly string[] {
  if (loss === null) return [];
  if (loss.model === 'random') return ['loss', percentText(loss.ratio)];
  return ['loss', 'gemodel', ...[loss.p, loss.r, loss.lossInBad, loss.lossInGood].map(percentText)];
}

function reorderArguments(reorder: Impairment['reorder']): readonly string[] {
  return reorder === null ? [] : ['reorder', percentText(reorder.ratio), 'gap', String(reorder.gap)];
}

/** Ten digits: netem's own step is 2.3e-8 per cent. */
function percentText(ratio: number): string {
  return `${decimalText(ratio * 100, 10)}%`;
}

/** Whole bits per second in the largest unit that holds them exactly. */
function rateText(bitsPerSecond: number): string {
  const bits = Math.round(bitsPerSecond);
  if (bits % 1e9 === 0) return `${bits / 1e9}gbit`;
  if (bits % 1e6 === 0) return `${bits / 1e6}mbit`;
  return bits % 1e3 === 0 ? `${bits / 1e3}kbit` : `${bits}bit`;
}
