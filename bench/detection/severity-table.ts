import { DEFAULT_DETECTION, type MeasuredKind } from '../../src/core/detect/detection-options.ts';
import { markdownTable } from './table.ts';

/** What of a fault is held against its thresholds. */
const MEASURES: Readonly<Record<MeasuredKind, string>> = {
  loss: 'share of samples lost',
  'burst-loss': 'share of samples lost',
  'periodic-loss': 'share of samples lost',
  reorder: 'share of samples overtaken',
  duplicate: 'share of samples that came twice',
  corrupt: 'share of samples that were wrong',
  'delay-shift': 'change of the delay, either way, seconds',
  jitter: 'sigma of the delay, seconds',
  'periodic-delay': 'height of the pulses, seconds',
  congestion: 'length of the queue, seconds',
  'clock-drift': 'change of the skew, either way, ppm',
};

/** From which size on a fault of each kind is a warning, and from which on critical, where nobody set it. */
export function severityTable(): string {
  const rows = Object.entries(DEFAULT_DETECTION.severity).map(([kind, [warning, critical]]) => [
    `\`${kind}\``,
    isMeasured(kind) ? MEASURES[kind] : '',
    String(warning),
    String(critical),
  ]);
  return markdownTable([['fault', 'its size', '`warning` from', '`critical` from'], ...rows]);
}

function isMeasured(kind: string): kind is MeasuredKind {
  return Object.hasOwn(MEASURES, kind);
}
