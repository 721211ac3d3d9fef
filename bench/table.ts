import { isMet, type Row } from './bench.ts';

const HEADINGS = ['bench', 'what', 'figure', 'target', 'ratio', ''];

export interface NamedRow extends Row {
  readonly bench: string;
}

/** The table as Markdown, which reads well in a terminal too. */
export function tableText(rows: readonly NamedRow[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function cellsOf(row: NamedRow): readonly string[] {
  const { bench, what, value, unit, target, baseline } = row;
  const met = isMet(row);
  return [
    bench,
    what,
    `${numberText(value)} ${unit}`,
    target === null ? '' : `≤ ${numberText(target)} ${unit}`,
    baseline === null ? '' : `${baseline.ratio.toFixed(2)} × ${baseline.what}`,
    met === null ? '' : met ? 'met' : 'missed',
  ];
}

/** Three significant digits at least, whole numbers in full. */
function numberText(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
