import { printable } from '../terminal/display-width.ts';
import { renderHealth } from '../terminal/health-table.ts';
import { lineText, type Line } from '../terminal/line.ts';
import { timeText } from '../terminal/number-text.ts';
import type { TerminalSize } from '../terminal/terminal-stream.ts';
import type { ChildState } from './children.ts';
import { labelColumn, labFacts, silenceHint, type Fact } from './lab-facts.ts';
import type { LabPlan } from './lab-plan.ts';
import type { KnownHealth } from './lab-view.ts';

/** A line of the lab's log. */
export interface LogLine {
  /** Unix seconds. */
  readonly atSeconds: number;
  readonly text: string;
}

/** All that a frame shows. */
export interface LabFrame {
  readonly plan: LabPlan;
  /** How its user would call `netwatch chaos`. */
  readonly chaosCommand: string;
  /** By rack id. */
  readonly agents: readonly ChildState[];
  readonly restartAfterSeconds: number;
  readonly health: KnownHealth;
  /** Oldest first. */
  readonly log: readonly LogLine[];
  /** Unix seconds. */
  readonly nowSeconds: number;
}

/** Log lines a frame has room for. */
export const SHOWN_LOG_LINES = 3;
/** With fewer rows the table needs nearly all of them. */
const FULL_FOOTER_ROWS = 32;
const NO_FOOTER_ROWS = 8;
/** For so long a new log line takes the place of the links where there is room for one of them. */
const LOG_NEWS_SECONDS = 15;

/** The live table of a lab with what is worth knowing under it: at most `rows` lines of at most `columns`. */
export function renderLab(
  frame: LabFrame,
  { columns, rows, color }: TerminalSize & { readonly color: boolean },
): string[] {
  const draw = (line: Line): string => lineText(line, { columns, color });
  const footer = footerLines(frame, rows).map(draw);
  const { tree, injections, fetchedSeconds, isLost } = frame.health;
  if (tree === null) return [draw([{ text: 'Waiting for the first reports …' }]), ...footer].slice(0, rows);
  const body = renderHealth(tree, {
    columns,
    rows: rows - footer.length,
    color,
    injections,
    // The clock of the tree is taken on from when it came.
    now: tree.timestamp + (frame.nowSeconds - fetchedSeconds),
    ...(isLost ? { notice: `the datacenter does not answer; this is of ${timeText(fetchedSeconds)}` } : {}),
  });
  return [...body, ...footer];
}

function footerLines(frame: LabFrame, rows: number): readonly Line[] {
  if (rows < NO_FOOTER_ROWS) return [];
  const { agents, restartAfterSeconds, plan, chaosCommand } = frame;
  const silence = silenceHint(plan, agents, restartAfterSeconds);
  const end: Line = [
    { text: silence === null ? 'Ctrl-C ends the lab' : `Ctrl-C ends the lab; ${silence}`, tone: 'dim' },
  ];
  const log = frame.log.slice(-SHOWN_LOG_LINES);
  if (rows < FULL_FOOTER_ROWS) {
    const newest = log.at(-1);
    const isNews = newest !== undefined && frame.nowSeconds - newest.atSeconds < LOG_NEWS_SECONDS;
    return [isNews ? logLine(newest) : [{ text: plan.dashboardUrl, tone: 'dim' }], end];
  }
  return [[], ...labFacts({ plan, processes: agents, chaosCommand }).map(factLine), ...log.map(logLine), end];
}

function factLine(fact: Fact): Line {
  return [{ text: labelColumn(fact), tone: 'dim' }, { text: fact.text }];
}

function logLine({ atSeconds, text }: LogLine): Line {
  return [{ text: `${timeText(atSeconds)} `, tone: 'dim' }, { text: printable(text) }];
}
