import { terminalSize } from './terminal-stream.ts';
import type { TerminalSize, TerminalStream } from './terminal-stream.ts';

export interface Screen {
  /** Draws what `render` gives now. */
  refresh(): void;
  /** Gives the terminal back as it was. */
  close(): Promise<void>;
}

// Alternate screen, cursor hidden, no wrapping: a terminal that is narrower than it says must not scroll.
const ENTER = '\u001B[?1049h\u001B[?25l\u001B[?7l';
const LEAVE = '\u001B[?7h\u001B[?25h\u001B[?1049l';
// Terminals that know synchronized output show a frame at once; the others ignore the marks.
const BEGIN_FRAME = '\u001B[?2026h\u001B[H';
const END_FRAME = '\u001B[?2026l';
const CLEAR_LINE = '\u001B[K';
const CLEAR_BELOW = '\r\n\u001B[J';

/**
 * Takes over a terminal and draws frames in place: each line is cleared and written again at once, so
 * nothing flickers. Draws again when the terminal is resized.
 * @param render gives at most `rows` lines of at most `columns`
 * @throws Error when the stream is not a terminal
 */
export function startScreen({
  stream,
  render,
}: {
  readonly stream: TerminalStream;
  readonly render: (size: TerminalSize) => readonly string[];
}): Screen {
  if (stream.isTTY !== true) throw new Error('A screen needs a terminal to draw on.');
  let isOpen = true;
  let isSkipped = false;

  function refresh(): void {
    if (!isOpen) return;
    // A terminal that cannot keep up gets the newest frame once it can, not all of them.
    isSkipped = stream.writableNeedDrain;
    if (isSkipped) return;
    const size = terminalSize(stream);
    stream.write(frame(render(size), size.rows));
  }
  function onDrain(): void {
    if (isSkipped) refresh();
  }
  function leave(): void {
    if (!isOpen) return;
    isOpen = false;
    stream.off('resize', refresh);
    stream.off('drain', onDrain);
    process.off('exit', leave);
    stream.write(LEAVE);
  }

  stream.write(ENTER);
  stream.on('resize', refresh);
  stream.on('drain', onDrain);
  // Even a process that ends in an error gives the terminal back.
  process.on('exit', leave);
  refresh();
  return {
    refresh,
    close: async () => leave(),
  };
}

/** A line is cleared before it is written: after a full one the cursor still stands on its last character. */
function frame(lines: readonly string[], rows: number): string {
  const written = lines.map((line) => CLEAR_LINE + line).join('\r\n');
  return BEGIN_FRAME + written + (lines.length < rows ? CLEAR_BELOW : '') + END_FRAME;
}
