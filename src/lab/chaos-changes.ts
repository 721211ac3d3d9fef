import { injectionText } from '../terminal/chaos-lines.ts';
import { durationText } from '../terminal/number-text.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';

/**
 * One line for each injection that is active only before or only after:
 * `chaos has begun: loss 20 % on rack 0, for 60 s`, `chaos has ended: loss 20 % on rack 0`.
 */
export function chaosChanges(before: readonly ChaosNotice[], after: readonly ChaosNotice[]): readonly string[] {
  const [ended, begun] = [without(before, after), without(after, before)];
  return [
    ...ended.map((notice) => `chaos has ended: ${injectionText(notice)}`),
    ...begun.map((notice) => `chaos has begun: ${injectionText(notice)}, ${lengthText(notice)}`),
  ];
}

function without(those: readonly ChaosNotice[], others: readonly ChaosNotice[]): readonly ChaosNotice[] {
  const ids = new Set(others.map(({ id }) => id));
  return those.filter(({ id }) => !ids.has(id));
}

function lengthText({ began_at: began, until }: ChaosNotice): string {
  return until === null ? 'until cleared' : `for ${durationText(until - began)}`;
}
