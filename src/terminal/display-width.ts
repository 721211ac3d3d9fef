// Control, format (bidirectional overrides, zero width) and unassigned characters, and lone surrogates. Names come from
// the network; what they carry must not steer a terminal.
const UNPRINTABLE = /[\p{C}\u2028\u2029]/gu;
const MARK = /\p{M}/u;
// The blocks that terminals draw two columns wide; the shortest approximation of Unicode's East Asian Width that holds
// for names in use.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const PLAIN = /^[ -~]*$/;

/** The text without anything a terminal would obey or not show. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, '');
}

/** Columns the printable text takes on a terminal. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text, cut to at most `columns`; a cut one ends in `…`. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  let kept = '';
  let width = 1;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The text cut or filled with spaces on the right to exactly `columns`. */
export function padEnd(text: string, columns: number): string {
  const cut = truncate(text, columns);
  return cut + ' '.repeat(Math.max(0, columns - displayWidth(cut)));
}

/** The text cut or filled with spaces on the left to exactly `columns`. */
export function padStart(text: string, columns: number): string {
  const cut = truncate(text, columns);
  return ' '.repeat(Math.max(0, columns - displayWidth(cut))) + cut;
}

function characterWidth(character: string): number {
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
