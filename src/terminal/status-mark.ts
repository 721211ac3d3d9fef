import type { GroupStatus, RackHealth, ServerStatus, Verdict } from '../core/verdict.ts';
import type { Span, Tone } from './line.ts';

/** Shape and colour of a status: either alone is enough to tell it. */
export interface StatusMark {
  readonly glyph: string;
  readonly tone: Tone;
}

const HEALTHY: StatusMark = { glyph: '●', tone: 'teal' };
const WARNING: StatusMark = { glyph: '▲', tone: 'amber' };

/** A server's status as it is shown: what a rack last said before its reports stopped is not what is. */
export type ShownStatus = ServerStatus | 'unknown';

export const STATUS_MARKS: Readonly<Record<ShownStatus | GroupStatus, StatusMark>> = {
  healthy: HEALTHY,
  warning: WARNING,
  degraded: WARNING,
  critical: { glyph: '■', tone: 'vermilion' },
  silent: { glyph: '⊘', tone: 'grey' },
  warming: { glyph: '◌', tone: 'grey' },
  unknown: { glyph: '?', tone: 'grey' },
};

/** In the order in which they are counted and shown. */
export const SHOWN_STATUSES: readonly ShownStatus[] = [
  'healthy',
  'warning',
  'critical',
  'silent',
  'warming',
  'unknown',
];

/** Unknown for all servers of a rack whose reports stopped. */
export function shownStatus(rack: Pick<RackHealth, 'status'>, verdict: Pick<Verdict, 'status'>): ShownStatus {
  return rack.status === 'silent' ? 'unknown' : verdict.status;
}

/** The glyph of a status in its colour. */
export function statusGlyph(status: ShownStatus | GroupStatus): Span {
  const { glyph, tone } = STATUS_MARKS[status];
  return { text: glyph, tone };
}
