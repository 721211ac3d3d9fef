import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { webOutput } from './vite-options.ts';

/** What the page is made of: besides its own sources the contracts it shares, this script, and the packages. */
const SOURCES = [
  'src/web',
  'src/wire',
  'src/words',
  'src/core',
  'src/netem',
  'src/analyze',
  'scripts/web',
  'scripts/build-web.ts',
  'package-lock.json',
];

/** Whether the page is not built, or a source is newer than it. */
export function isStale(): boolean {
  const page = `${webOutput}index.html`;
  if (!existsSync(page)) return true;
  const builtMs = statSync(page).mtimeMs;
  return SOURCES.some((source) => newestMs(fileURLToPath(new URL(`../../${source}`, import.meta.url))) > builtMs);
}

function newestMs(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // The folder itself tells of files that were removed.
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(`${path}/${name}`)));
}
