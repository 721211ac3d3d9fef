import { spanWords, timeWords } from '../words/number-words.ts';
import { countSlots, type SlotMark } from './slot-states.ts';

/** What the strip shows, for those who do not see it, and for all as its legend. */
export function slotsSentence(marks: readonly SlotMark[]): string {
  if (marks.length === 0) return 'No slots yet: nothing was heard.';
  const { received, late, lost, awaited } = countSlots(marks);
  const worst = marks.reduce((most, { latenessSeconds: lateness }) => Math.max(most, lateness ?? 0), 0);
  const parts = [`${received} in time`, `${late} late`, `${lost} lost`, `${awaited} awaited`];
  return `The newest ${marks.length} slots: ${parts.join(', ')}. The most late sample came ${spanWords(worst)} after it was due.`;
}

/** One slot: `12:03:11.350 · late by 62.1 ms`. */
export function slotWords({ state, dueSeconds, latenessSeconds }: SlotMark): string {
  const dueMs = Math.round(dueSeconds * 1000);
  const time = `${timeWords(Math.floor(dueMs / 1000))}.${String(dueMs % 1000).padStart(3, '0')}`;
  const words = { received: 'received', late: 'late', lost: 'lost', awaited: 'awaited' }[state];
  const lateness = latenessSeconds === null ? '' : ` · lateness ${spanWords(latenessSeconds)}`;
  return `${time} · ${words}${lateness}`;
}
