import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { displayWidth, printable, truncate } from './display-width.ts';
import type { Line } from './line.ts';
import { durationText } from './number-text.ts';

const HEAD = 'chaos: ';
/** The beginning of a description that is worth a line. */
const LEAST_DESCRIPTION = 12;

/**
 * A line for each injection that is active, at most `limit`, the last with how many more there are:
 * `chaos: delay 200 ms, loss 20 % on rack 0, 48 s left`. Where it is narrow the description makes way.
 * @param options.now Unix seconds; what is over by then is not shown
 */
export function chaosLines(
  injections: readonly ChaosNotice[],
  options: { readonly columns: number; readonly limit: number; readonly now: number },
): readonly Line[] {
  const { columns, limit, now } = options;
  const active = injections.filter(({ until }) => until === null || until > now);
  const shown = active.slice(0, limit);
  return shown.map((notice, index) => {
    const isLast = index === shown.length - 1;
    const more = isLast && active.length > shown.length ? `, and ${active.length - shown.length} more` : '';
    const tail = ` on ${printable(notice.scope)}, ${leftText(notice, now)}${more}`;
    const room = columns - HEAD.length - displayWidth(tail);
    const description = truncate(printable(notice.description), Math.max(room, LEAST_DESCRIPTION));
    return [{ text: HEAD, tone: 'bold' }, { text: description + tail }];
  });
}

/** `delay 200 ms, loss 20 % on rack 0`. */
export function injectionText({ description, scope }: ChaosNotice): string {
  return printable(`${description} on ${scope}`);
}

function leftText({ until }: ChaosNotice, now: number): string {
  return until === null ? 'until cleared' : `${durationText(until - now)} left`;
}
