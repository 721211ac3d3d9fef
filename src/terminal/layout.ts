import type { RackHealth } from '../core/verdict.ts';
import { lineWidth, padLine } from './line.ts';
import type { Line } from './line.ts';
import { scoreText } from './number-text.ts';
import { statusGlyph, STATUS_MARKS } from './status-mark.ts';

/** One way to show all racks, measured before it is drawn. */
export interface Layout {
  /** Lines it takes when drawn without blank lines. */
  readonly height: number;
  /** Blank lines it can use to set its parts apart. */
  readonly gaps: number;
  /** What its marks and numbers are. */
  readonly legend: string;
  /** The lines; with `spaced` there are `gaps` more of them. */
  draw(spaced: boolean): readonly Line[];
}

/** Columns between two racks side by side. */
export const GUTTER = 2;

/** `● rack 3 0.998`; a silent rack counts as 0. */
export function rackTitle({ rack_id: rackId, status, health_score: score }: RackHealth): Line {
  const shown = scoreText(status === 'silent' ? 0 : score);
  return [
    statusGlyph(status),
    { text: ` rack ${rackId} `, tone: 'bold' },
    { text: shown, tone: STATUS_MARKS[status].tone },
  ];
}

/** Columns of the widest title. */
export function titleWidth(racks: readonly RackHealth[]): number {
  return Math.max(0, ...racks.map((rack) => lineWidth(rackTitle(rack))));
}

/** How many cells of a width fit side by side, at least 1. */
export function cellsAcross(columns: number, cellWidth: number): number {
  return Math.max(1, Math.floor((columns + GUTTER) / (cellWidth + GUTTER)));
}

/** Cells of one width put side by side. */
export function joinCells(cells: readonly Line[], cellWidth: number): Line {
  return cells.flatMap((cell) => padLine(cell, cellWidth + GUTTER));
}

/** The items in groups of `size`; the last may be shorter. */
export function inGroups<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
