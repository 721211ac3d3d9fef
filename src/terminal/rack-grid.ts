import type { RackHealth } from '../core/verdict.ts';
import { cellsAcross, inGroups, joinCells, rackTitle, titleWidth } from './layout.ts';
import type { Layout } from './layout.ts';
import { lineWidth, padLine } from './line.ts';
import type { Line, Span } from './line.ts';
import { countText, scoreText } from './number-text.ts';
import { SHOWN_STATUSES, shownStatus, statusGlyph, STATUS_MARKS } from './status-mark.ts';
import type { ShownStatus } from './status-mark.ts';

const LEGEND = SHOWN_STATUSES.map((status) => `${STATUS_MARKS[status].glyph} ${status}`).join('  ');

/** One glyph for each server, in the order of their ids, beside the name of the rack. Null when it does not fit. */
export function layoutGrid(racks: readonly RackHealth[], columns: number): Layout | null {
  const title = titleWidth(racks) + 1;
  const most = Math.max(1, ...racks.map(({ servers }) => servers.length));
  const glyphs = Math.min(most, columns - title);
  if (glyphs < 1 || racks.length === 0) return null;
  const cellWidth = title + glyphs;
  const rows = inGroups(racks, cellsAcross(columns, cellWidth));
  const rowLines = (row: readonly RackHealth[]): number =>
    Math.max(...row.map(({ servers }) => Math.max(1, Math.ceil(servers.length / glyphs))));
  return {
    height: rows.reduce((sum, row) => sum + rowLines(row), 0),
    gaps: 0,
    legend: LEGEND,
    draw: () =>
      rows.flatMap((row) =>
        Array.from({ length: rowLines(row) }, (_, line) => {
          const part = (rack: RackHealth): Line => glyphRuns(rack, line * glyphs, (line + 1) * glyphs);
          return joinCells(
            row.map((rack) => [...padLine(line === 0 ? rackTitle(rack) : [], title), ...part(rack)]),
            cellWidth,
          );
        }),
      ),
  };
}

/** The number of servers of each status beside the name of the rack. */
export function layoutCounts(racks: readonly RackHealth[], columns: number): Layout {
  const { across, cellWidth } = countCells(racks, columns);
  const rows = inGroups(racks, across);
  return {
    height: rows.length,
    gaps: 0,
    legend: LEGEND,
    draw: () => rows.map((row) => joinCells(row.map(countCell), cellWidth)),
  };
}

/** The same for as many racks as fit in `lines`, the worst first, and a line that says how many more there are. */
export function layoutWorst(racks: readonly RackHealth[], columns: number, lines: number): Layout {
  const { across, cellWidth } = countCells(racks, columns);
  const worstFirst = racks.toSorted((a, b) => shownScore(a) - shownScore(b));
  const shown = worstFirst.slice(0, Math.max(0, lines - 1) * across);
  const rest = worstFirst.slice(shown.length);
  const best = rest.at(0);
  const more = `… and ${countText(rest.length, 'more rack')}`;
  const from = best === undefined ? '' : `, scores from ${scoreText(shownScore(best))} up`;
  return {
    height: Math.max(1, lines),
    gaps: 0,
    legend: LEGEND,
    draw: () => [
      ...inGroups(shown, across).map((row) => joinCells(row.map(countCell), cellWidth)),
      [{ text: more + from, tone: 'dim' }],
    ],
  };
}

/** `●97 ▲2 ■1`, or `● 97 healthy  ▲ 2 warning  ■ 1 critical`: the statuses that occur in the racks. */
export function statusCounts(racks: readonly RackHealth[], { words }: { readonly words: boolean }): Line {
  const counts = new Map<ShownStatus, number>();
  for (const rack of racks) {
    for (const verdict of rack.servers) {
      const status = shownStatus(rack, verdict);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  }
  return SHOWN_STATUSES.flatMap((status): Line => {
    const count = counts.get(status);
    if (count === undefined) return [];
    return [statusGlyph(status), { text: words ? ` ${count} ${status}  ` : `${count} ` }];
  });
}

function countCells(racks: readonly RackHealth[], columns: number): { across: number; cellWidth: number } {
  const cellWidth = Math.max(1, ...racks.map((rack) => lineWidth(countCell(rack))));
  return { across: cellsAcross(columns, cellWidth), cellWidth };
}

function countCell(rack: RackHealth): Line {
  return [...rackTitle(rack), { text: ' ' }, ...statusCounts([rack], { words: false })];
}

function shownScore({ status, health_score: score }: RackHealth): number {
  return status === 'silent' ? 0 : (score ?? 1);
}

/** One glyph a server, from one place in the rack to before another; neighbours of one status in one span. */
function glyphRuns(rack: RackHealth, from: number, to: number): Line {
  const statuses = rack.servers.slice(from, to).map((verdict) => shownStatus(rack, verdict));
  const spans: Span[] = [];
  let run = '';
  for (const [index, status] of statuses.entries()) {
    run += STATUS_MARKS[status].glyph;
    if (statuses[index + 1] === status) continue;
    spans.push({ text: run, tone: STATUS_MARKS[status].tone });
    run = '';
  }
  return spans;
}
