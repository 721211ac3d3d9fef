import type { DatacenterHealth } from '../core/verdict.ts';
import { timeText } from '../terminal/number-text.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { chaosChanges } from './chaos-changes.ts';
import { FaultChanges } from './fault-changes.ts';
import { statusChanges, summaryLine } from './health-changes.ts';
import type { LabView } from './lab-view.ts';

export interface PlainViewOptions {
  /** Gets whole lines, without the newline. */
  readonly writeLine: (line: string) => void;
  /** Unix seconds. */
  readonly nowSeconds: () => number;
}

const SUMMARY_SECONDS = 10;

/**
 * A lab as lines with the time of day: every log line, change of a status, injection and fault, and a summary every 10 s.
 */
export function createPlainView({ writeLine, nowSeconds }: PlainViewOptions): LabView {
  let shown: DatacenterHealth | null = null;
  let active: readonly ChaosNotice[] = [];
  const faults = new FaultChanges();
  let wasLost = false;
  let nextSummarySeconds = -Infinity;

  const log = (line: string): void => writeLine(`${timeText(nowSeconds())} ${line}`);
  return {
    log,
    update({ tree, injections, isLost }) {
      if (isLost !== wasLost) log(isLost ? 'the datacenter does not answer' : 'the datacenter answers again');
      wasLost = isLost;
      if (isLost || tree === null) return;
      for (const line of chaosChanges(active, injections)) log(line);
      active = injections;
      if (shown !== null) for (const line of statusChanges(shown, tree)) log(line);
      for (const line of faults.update(tree, nowSeconds())) log(line);
      shown = tree;
      if (nowSeconds() < nextSummarySeconds) return;
      nextSummarySeconds = nowSeconds() + SUMMARY_SECONDS;
      log(summaryLine(tree));
    },
  };
}
