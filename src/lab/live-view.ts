import { startScreen } from '../terminal/screen.ts';
import type { TerminalStream } from '../terminal/terminal-stream.ts';
import type { ChildState } from './children.ts';
import { renderLab, SHOWN_LOG_LINES, type LogLine } from './lab-frame.ts';
import type { LabPlan } from './lab-plan.ts';
import { NOTHING_KNOWN, type LabView } from './lab-view.ts';

export interface LiveViewOptions {
  /** A terminal. */
  readonly stdout: TerminalStream;
  readonly color: boolean;
  readonly plan: LabPlan;
  /** How its user would call `netwatch chaos`. */
  readonly chaosCommand: string;
  /** By rack id, as they are now. */
  readonly agents: () => readonly ChildState[];
  readonly restartAfterSeconds: number;
  /** Unix seconds. */
  readonly nowSeconds: () => number;
}

export interface LiveView extends LabView {
  /** Gives the terminal back as it was. */
  close(): Promise<void>;
}

/** A lab as a table that takes the whole terminal and is drawn anew with every update. */
export function startLiveView(options: LiveViewOptions): LiveView {
  const { stdout, color, plan, chaosCommand, agents, restartAfterSeconds, nowSeconds } = options;
  const log: LogLine[] = [];
  let health = NOTHING_KNOWN;
  const screen = startScreen({
    stream: stdout,
    render: (size) =>
      renderLab(
        { plan, chaosCommand, agents: agents(), restartAfterSeconds, health, log, nowSeconds: nowSeconds() },
        { ...size, color },
      ),
  });
  return {
    log(text) {
      log.push({ atSeconds: nowSeconds(), text });
      if (log.length > SHOWN_LOG_LINES) log.shift();
      screen.refresh();
    },
    update(newest) {
      health = newest;
      screen.refresh();
    },
    close: () => screen.close(),
  };
}
