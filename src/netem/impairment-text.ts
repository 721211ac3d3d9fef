import { decimalText } from './decimal-text.ts';
import type { Delay, Impairment, ImpairmentKind, Reorder } from './impairment.ts';

/** What is impaired, in the order of `IMPAIRMENT_KINDS`; at least one. */
export function impairmentKinds(impairment: Impairment): readonly ImpairmentKind[] {
  const { delay, loss, corruptRatio, duplicateRatio, reorder, rateBitsPerSecond } = impairment;
  const present: readonly (readonly [ImpairmentKind, boolean])[] = [
    ['delay', delay !== null],
    ['jitter', delay !== null && delay.jitterSeconds > 0],
    ['loss', loss !== null],
    ['corrupt', corruptRatio !== null],
    ['duplicate', duplicateRatio !== null],
    ['reorder', reorder !== null],
    ['rate', rateBitsPerSecond !== null],
  ];
  return present.filter(([, isPresent]) => isPresent).map(([kind]) => kind);
}

/** An impairment for people: `delay 200 ms ± 20 ms normal (correlation 25 %), loss 20 %`. One line. */
export function describeImpairment(impairment: Impairment): string {
  const { delay, loss, corruptRatio, duplicateRatio, reorder, rateBitsPerSecond, limitPackets } = impairment;
  const parts = [
    delay === null ? null : delayText(delay),
    loss === null ? null : lossText(loss),
    corruptRatio === null ? null : `corrupt ${percentText(corruptRatio)}`,
    duplicateRatio === null ? null : `duplicate ${percentText(duplicateRatio)}`,
    reorder === null ? null : reorderText(reorder),
    rateBitsPerSecond === null ? null : `rate ${rateText(rateBitsPerSecond)}`,
    limitPackets === null ? null : `limit ${limitPackets} packet${limitPackets === 1 ? '' : 's'}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function delayText({ seconds, jitterSeconds, distribution, correlation }: Delay): string {
  if (jitterSeconds === 0) return `delay ${timeText(seconds)}`;
  const shape = distribution === 'uniform' ? '' : ` ${distribution}`;
  const memory = correlation === 0 ? '' : ` (correlation ${percentText(correlation)})`;
  return `delay ${timeText(seconds)} ± ${timeText(jitterSeconds)}${shape}${memory}`;
}

function lossText(loss: NonNullable<Impairment['loss']>): string {
  if (loss.model === 'random') return `loss ${percentText(loss.ratio)}`;
  return `loss gemodel ${[loss.p, loss.r, loss.lossInBad, loss.lossInGood].map(percentText).join(', ')}`;
}

function reorderText({ ratio, gap }: Reorder): string {
  return `reorder ${percentText(ratio)}${gap === 1 ? '' : ` (gap ${gap})`}`;
}

function percentText(ratio: number): string {
  return `${decimalText(ratio * 100, 7)} %`;
}

/** Milliseconds below a second, as networks are measured. */
function timeText(seconds: number): string {
  return seconds < 1 ? `${decimalText(seconds * 1e3, 6)} ms` : `${decimalText(seconds, 9)} s`;
}

function rateText(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e9) return `${decimalText(bitsPerSecond / 1e9, 9)} Gbit/s`;
  if (bitsPerSecond >= 1e6) return `${decimalText(bitsPerSecond / 1e6, 6)} Mbit/s`;
  return `${decimalText(bitsPerSecond / 1e3, 3)} kbit/s`;
}
