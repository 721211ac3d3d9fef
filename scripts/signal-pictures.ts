// Writes docs/images/signal-*.svg and the measured tables of docs/signal.md and README.md, from the real code and fixed seeds. With
// --check it writes nothing and exits 1 if a file is not current.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drawClock } from './pictures/clock-picture.ts';
import { drawErrorLines } from './pictures/error-lines.ts';
import { drawHann } from './pictures/hann-picture.ts';
import { measuredTable, naiveTable, shortTable } from './pictures/measured-table.ts';
import { drawPhasors } from './pictures/phasors-picture.ts';
import { drawSpectra } from './pictures/spectra-picture.ts';
import { drawTone } from './pictures/tone-picture.ts';

const DOCS = new URL('../docs/', import.meta.url);

const PICTURES: Readonly<Record<string, () => string>> = {
  'images/signal-tone.svg': drawTone,
  'images/signal-phasors.svg': drawPhasors,
  'images/signal-hann.svg': drawHann,
  'images/signal-spectra.svg': drawSpectra,
  'images/signal-error.svg': drawErrorLines,
  'images/signal-clock.svg': drawClock,
};

type Tables = Readonly<Record<string, () => string>>;

const PAGES: Readonly<Record<string, Tables>> = {
  'signal.md': { measured: measuredTable, naive: naiveTable },
  '../README.md': { measured: shortTable },
};

/**
 * Puts each table between its markers, `<!-- NAME:begin -->` and `<!-- NAME:end -->`.
 * @throws Error that names a pair of markers the page lacks.
 */
export function fillTables(page: string, tables: Tables): string {
  let filled = page;
  for (const [name, render] of Object.entries(tables)) {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [filled.indexOf(begin), filled.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the page lacks "${begin}" … "${end}"`);
    filled = `${filled.slice(0, from + begin.length)}\n\n${render()}\n\n${filled.slice(to)}`;
  }
  return filled;
}

/** What every made file should hold, by its path below docs/. */
export async function renderSignalDocs(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [path, draw] of Object.entries(PICTURES)) files.set(path, draw());
  for (const [path, tables] of Object.entries(PAGES)) {
    // oxlint-disable-next-line no-await-in-loop -- two pages
    files.set(path, fillTables(await readFile(new URL(path, DOCS), 'utf8'), tables));
  }
  return files;
}

/** Paths, below docs/, of the given files that are missing or hold something else. */
export async function staleFiles(wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const found = await Promise.all(
    [...wanted.keys()].map((path) => readFile(new URL(path, DOCS), 'utf8').catch(() => null)),
  );
  return [...wanted].filter(([, content], i) => found[i] !== content).map(([path]) => path);
}

async function main(args: readonly string[]): Promise<number> {
  const files = await renderSignalDocs();
  if (!args.includes('--check')) {
    await mkdir(new URL('images/', DOCS), { recursive: true });
    await Promise.all([...files].map(([path, content]) => writeFile(new URL(path, DOCS), content)));
    return 0;
  }
  const stale = await staleFiles(files);
  for (const path of stale) process.stderr.write(`docs/${path} is not current; run: npm run docs:pictures\n`);
  return stale.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
