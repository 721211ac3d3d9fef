import type { Severity } from '../core/verdict.ts';
import { displayWidth } from './display-width.ts';
import type { Line } from './line.ts';
import { STATUS_MARKS, type StatusMark } from './status-mark.ts';

/** One sentence about what is wrong: what must be said, and what may be added while there is room, in that order. */
export interface Finding extends StatusMark {
  readonly text: string;
  readonly details: readonly Detail[];
}

/** Of several ways to say it the first that there is room for. */
export type Detail = string | readonly string[];

/** A finding with what it is sorted by: its class, then how much it counts. */
export interface RankedFinding extends Finding {
  readonly rank: number;
  readonly weight: number;
}

/** Classes of findings, worst last. */
export const RANK = {
  /** Told of what is healthy. */
  info: 0,
  rackInfo: 1,
  warning: 2,
  rackWarning: 3,
  ill: 4,
  rackIll: 5,
  silentRack: 6,
} as const;

/** Shape and colour of a severity, those of the status that a fault of it gives. */
export const SEVERITY_MARKS: Readonly<Record<Severity, StatusMark>> = {
  info: { glyph: '·', tone: 'dim' },
  warning: STATUS_MARKS.warning,
  critical: STATUS_MARKS.critical,
};

/** A finding with as many of its details as there is room for. */
export function findingLine({ glyph, tone, text, details }: Finding, columns: number): Line {
  let said = ` ${text}`;
  for (const detail of details) {
    const ways = typeof detail === 'string' ? [detail] : detail;
    const fitting = ways.find((way) => displayWidth(`${said}, ${way}`) < columns);
    if (fitting !== undefined) said += `, ${fitting}`;
  }
  return [{ text: glyph, tone }, { text: said }];
}
