import type { Fault } from '../verdict.ts';
import type { LossDetector } from './loss-detector.ts';

/** A chance of one in a million that loss as it is now made this silence. */
const SILENCE_CHANCE = 1e-6;
/** Loss of less or of more is taken to be this: of more, gaps that long are not counted as losses any longer. */
const MIN_EXPLAINING_LOSS = 0.001;
const MAX_EXPLAINING_LOSS = 0.9;
/** At least so long, and so many sample intervals. */
const SILENT_SECONDS = 0.4;
const SILENT_INTERVALS = 8;
/** Where losses come in bursts, so many times their mean length: less than one burst in a hundred is as long. */
const SILENT_BURSTS = 5;

/** Seconds without a sample that are never silence, however little is lost. */
export function leastSilenceSeconds(sampleRateHz: number): number {
  return Math.max(SILENT_SECONDS, SILENT_INTERVALS / sampleRateHz);
}

/**
 * Seconds without a sample after which a stream is silent: longer than what the loss that is known explains, else silence
 * would come and go with the losses.
 */
export function silentAfterSeconds(loss: LossDetector, sampleRateHz: number): number {
  let intervals = 0;
  if (loss.rate.alarm.isOpen) {
    const ratio = Math.min(Math.max(loss.rate.ratio, MIN_EXPLAINING_LOSS), MAX_EXPLAINING_LOSS);
    const usual = loss.isBursty ? SILENT_BURSTS * loss.meanRun : Math.log(SILENCE_CHANCE) / Math.log(ratio);
    intervals = usual;
  }
  return Math.max(leastSilenceSeconds(sampleRateHz), intervals / sampleRateHz);
}

/**
 * The fault of a stream that is silent now, null of one that is not.
 * @param sinceSeconds when its last sample came, unix seconds; null where its silence does not matter
 * @param afterSeconds as `silentAfterSeconds` says
 */
export function silenceFault(nowSeconds: number, sinceSeconds: number | null, afterSeconds: number): Fault | null {
  if (sinceSeconds === null) return null;
  const quietSeconds = nowSeconds - sinceSeconds;
  if (quietSeconds <= afterSeconds) return null;
  const parameters = { silent_seconds: quietSeconds };
  return { kind: 'silent', since: sinceSeconds, severity: 'critical', confidence: 1, parameters };
}
