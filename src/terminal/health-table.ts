import type { DatacenterHealth, Verdict } from '../core/verdict.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { chaosLines } from './chaos-lines.ts';
import { padEnd, printable, truncate } from './display-width.ts';
import { findingLine } from './finding.ts';
import { allWellText, findFaults, isOfIll } from './findings.ts';
import type { Layout } from './layout.ts';
import { lineText, lineWidth } from './line.ts';
import type { Line, Span } from './line.ts';
import { countText, durationText, scoreText, timeText } from './number-text.ts';
import { findLateObservers } from './observer-findings.ts';
import { layoutCounts, layoutGrid, layoutWorst, statusCounts } from './rack-grid.ts';
import { layoutTable, TABLE_DETAILS } from './rack-table.ts';
import { statusGlyph, STATUS_MARKS } from './status-mark.ts';

export interface HealthTableOptions {
  readonly columns: number;
  /** Infinity: as many as it takes. */
  readonly rows: number;
  readonly color: boolean;
  /** Unix seconds, on the clock of the tree. */
  readonly now: number;
  /** One sentence under the header, such as that the connection is lost. */
  readonly notice?: string;
  /** Injections that are active, oldest first: what of the trouble is there on purpose. */
  readonly injections?: readonly ChaosNotice[];
}

const MAX_FINDINGS = 5;
/** Findings that are worth more than detail of the racks. */
const KEPT_FINDINGS = 3;
const OLD_SECONDS = 5;
const MAX_CHAOS_LINES = 3;
/** With fewer rows one line has to do for all injections. */
const MANY_ROWS = 30;

/**
 * The state of a datacenter as lines for a terminal: a header, what is broken on purpose, the racks in as much detail as
 * fits, and what is wrong, worst first. No line is wider than `columns` and there are never more than `rows`.
 */
export function renderHealth(tree: DatacenterHealth, options: HealthTableOptions): string[] {
  const { columns, rows, now, notice, injections = [] } = options;
  const top: Line[] = [header(tree, options)];
  if (notice !== undefined) top.push([{ text: `▲ ${printable(notice)}`, tone: 'amber' }]);
  const chaos = chaosLines(injections, { columns, limit: rows < MANY_ROWS ? 1 : MAX_CHAOS_LINES, now });
  top.push(...chaos);
  const said = findings(tree, { columns, now });
  const doubts = findLateObservers(tree).map((finding) => findingLine(finding, columns));
  // What is broken on purpose explains a finding or two; the racks keep their detail.
  const kept = Math.min(said.length + doubts.length, Math.max(1, KEPT_FINDINGS - chaos.length));
  const layout = tree.racks.length === 0 ? null : fittingLayout(tree, columns, rows - top.length - kept);
  const body = arrange({ top, layout, said, doubts, rows });
  return body.slice(0, Math.max(0, rows)).map((line) => lineText(line, options));
}

/** The most detailed layout that takes no more than `lines`. */
function fittingLayout({ racks }: DatacenterHealth, columns: number, lines: number): Layout {
  const candidates = [
    ...TABLE_DETAILS.map((detail) => () => layoutTable(racks, columns, detail)),
    () => layoutGrid(racks, columns),
    () => layoutCounts(racks, columns),
  ];
  for (const candidate of candidates) {
    const layout = candidate();
    if (layout !== null && layout.height <= lines) return layout;
  }
  return layoutWorst(racks, columns, lines);
}

/** Puts the parts together; lines that are left go to findings, then to blank lines, then to the legend. */
function arrange(parts: {
  top: readonly Line[];
  layout: Layout | null;
  said: readonly Line[];
  /** What puts the verdicts in doubt is said after the findings, however many those are. */
  doubts: readonly Line[];
  rows: number;
}): readonly Line[] {
  const { top, layout, said, doubts, rows } = parts;
  let left = rows - top.length - (layout?.height ?? 0);
  // Where there is room without end, as in a pipe, everything is said.
  const limit = rows === Infinity ? Infinity : Math.min(MAX_FINDINGS, Math.max(0, left));
  const shown = [...limitFindings(said, Math.max(1, limit - doubts.length)), ...doubts].slice(0, limit);
  left -= shown.length;
  const take = (lines: number): boolean => {
    const fits = lines <= left;
    if (fits) left -= lines;
    return fits;
  };
  const afterTop: readonly Line[] = take(1) ? [[]] : [];
  const beforeFindings: readonly Line[] = take(1) ? [[]] : [];
  const spaced = take(layout?.gaps ?? 0);
  const legend: readonly Line[] = layout !== null && take(2) ? [[], [{ text: layout.legend, tone: 'dim' }]] : [];
  return [
    ...top,
    ...afterTop,
    ...(layout?.draw(spaced) ?? []),
    ...(layout === null ? [] : beforeFindings),
    ...shown,
    ...legend,
  ];
}

function findings(tree: DatacenterHealth, { columns, now }: { columns: number; now: number }): readonly Line[] {
  const found = findFaults(tree, now);
  const lines = found.map((finding) => findingLine(finding, columns));
  return found.some(isOfIll) ? lines : [[{ text: allWellText(tree) }], ...lines];
}

/** The first of them; the last line shown makes way for how many more there are. */
function limitFindings(said: readonly Line[], limit: number): readonly Line[] {
  if (said.length <= limit || limit === 0) return said.slice(0, limit);
  if (limit === 1) return said.slice(0, 1);
  const shown = said.slice(0, limit - 1);
  return [...shown, [{ text: `… and ${said.length - shown.length} more`, tone: 'dim' }]];
}

/** `NetWatch dc-1  ● 0.998 healthy  4 racks  32 servers: ● 31 healthy  ■ 1 critical      data of 12:03:11`. */
function header(tree: DatacenterHealth, { columns, now }: HealthTableOptions): Line {
  const servers = tree.racks.flatMap((rack) => rack.servers);
  const name: Span = { text: `NetWatch ${printable(tree.dc_id)}  `, tone: 'bold' };
  const { tone } = STATUS_MARKS[tree.status];
  const score: Line = [statusGlyph(tree.status), { text: ` ${scoreText(tree.health_score)} ${tree.status}  `, tone }];
  const racks = countText(tree.racks.length, 'rack');
  const size = `${racks}, ${countText(servers.length, 'server')}  `;
  const time = timeSpan(newestData(tree, servers), now);
  const candidates: Line[] = [
    [name, ...score, { text: size }, ...statusCounts(tree.racks, { words: true })],
    [name, ...score, { text: size }, ...statusCounts(tree.racks, { words: false })],
    [name, ...score, { text: `${racks}  ` }, ...statusCounts(tree.racks, { words: false })],
    [name, ...score, ...statusCounts(tree.racks, { words: false })],
    [{ text: 'NetWatch  ', tone: 'bold' }, ...score],
  ];
  const fitting = candidates.find((line) => lineWidth(line) + time.text.length <= columns) ?? score;
  const room = Math.max(0, columns - lineWidth(fitting));
  return [...fitting, { ...time, text: padTime(time.text, room) }];
}

function padTime(text: string, room: number): string {
  return padEnd('', Math.max(0, room - text.length)) + truncate(text, room);
}

function timeSpan(newest: number | null, now: number): Span {
  if (newest === null) return { text: 'no data yet', tone: 'dim' };
  if (now - newest <= OLD_SECONDS) return { text: `data of ${timeText(newest)}`, tone: 'dim' };
  return { text: `data of ${timeText(newest)}, ${durationText(now - newest)} old`, tone: 'amber' };
}

/** Unix seconds of the newest report or sample; null when there is none. */
function newestData(tree: DatacenterHealth, servers: readonly Verdict[]): number | null {
  let newest = -Infinity;
  for (const { last_report: time } of tree.racks) newest = Math.max(newest, time ?? -Infinity);
  for (const { last_heard: time } of servers) newest = Math.max(newest, time ?? -Infinity);
  return newest === -Infinity ? null : newest;
}
