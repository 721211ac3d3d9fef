import { displayWidth, truncate } from './display-width.ts';

/** How a piece of a line looks. The colours are for status only; everything else is neutral. */
export type Tone = 'teal' | 'amber' | 'vermilion' | 'grey' | 'dim' | 'bold';

/** A piece of a line in one tone. The text is printable. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

export type Line = readonly Span[];

// 256-colour codes that colour-blind eyes can tell apart on dark and light grounds.
const CODES: Readonly<Record<Tone, string>> = {
  teal: '38;5;37',
  amber: '38;5;214',
  vermilion: '1;38;5;202',
  grey: '38;5;245',
  dim: '38;5;245',
  bold: '1',
};

/** The columns a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + displayWidth(text), 0);
}

/** The line with spaces added on the right up to `columns`. */
export function padLine(line: Line, columns: number): Line {
  const missing = columns - lineWidth(line);
  return missing > 0 ? [...line, { text: ' '.repeat(missing) }] : line;
}

/** What is written to the terminal: never wider than `columns`, without trailing spaces. */
export function lineText(
  line: Line,
  { columns, color }: { readonly columns: number; readonly color: boolean },
): string {
  let room = columns;
  let written = '';
  for (const span of withoutTrailingSpaces(line)) {
    const text = truncate(span.text, room);
    if (text === '') continue;
    room -= displayWidth(text);
    written += color && span.tone !== undefined ? `\u001B[${CODES[span.tone]}m${text}\u001B[0m` : text;
  }
  return written;
}

function withoutTrailingSpaces(line: Line): Line {
  const last = line.findLastIndex(({ text }) => text.trimEnd() !== '');
  return line.slice(0, last + 1).map((span, index) => (index === last ? { ...span, text: span.text.trimEnd() } : span));
}
