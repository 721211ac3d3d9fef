import { reachedThresholds } from '../hysteresis.ts';
import { SEVERITIES, type Severity, type SharedFaultKind } from '../verdict.ts';

/**
 * A fault is `warning` from the first value on and `critical` from the second; below, it is `info`. It leaves a severity
 * only below 0.8 of that value.
 */
export type SeverityThresholds = readonly [warning: number, critical: number];

/** What an operator can set about detection. */
export interface DetectionOptions {
  /** Thresholds by kind: shares of samples, seconds or parts per million, as the defaults are. */
  readonly severity: Readonly<Record<MeasuredKind, SeverityThresholds>>;
  /**
   * Factor on the thresholds of every detector: 1 stands for at most one false alarm per stream in 30 days over all
   * kinds together; less is faster and wrong more often.
   */
  readonly thresholdScale: number;
}

/** Kinds that a stream's detectors tell of, other than silence. */
export type MeasuredKind = Exclude<SharedFaultKind, 'silent'>;

export const DEFAULT_DETECTION: DetectionOptions = {
  severity: {
    // Share of samples.
    loss: [0.01, 0.2],
    'burst-loss': [0.01, 0.2],
    'periodic-loss': [0.01, 0.2],
    reorder: [0.05, 0.5],
    duplicate: [0.5, 1],
    corrupt: [0.01, 0.2],
    // Seconds.
    'delay-shift': [0.01, 0.1],
    jitter: [0.01, 0.05],
    'periodic-delay': [0.01, 0.1],
    congestion: [0.01, 0.1],
    // Parts per million.
    'clock-drift': [50, 500],
  },
  thresholdScale: 1,
};

/**
 * How bad a fault of this size is, whatever its sign.
 * @param value in the unit of the thresholds
 * @param before the severity it had when it was last looked at, `info` when it is new
 */
export function severityOf(value: number, thresholds: SeverityThresholds, before: Severity = 'info'): Severity {
  return SEVERITIES[reachedThresholds(Math.abs(value), thresholds, SEVERITIES.indexOf(before))] ?? 'critical';
}
