// Writes grafana/dashboards/*.json from grafana/source. With --check it writes nothing and exits 1 if a file is not current.

import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { allDashboards } from '../grafana/source/all-dashboards.ts';

const FOLDER = new URL('../grafana/dashboards/', import.meta.url);

/** The files of all dashboards by their names, formatted as everything here. */
export async function renderDashboards(): Promise<ReadonlyMap<string, string>> {
  const files = Object.entries(allDashboards()).map(async ([uid, dashboard]): Promise<[string, string]> => {
    const name = `${uid}.json`;
    const path = fileURLToPath(new URL(name, FOLDER));
    const style = await resolveConfig(path);
    return [name, await format(JSON.stringify(dashboard), { ...style, filepath: path })];
  });
  return new Map(await Promise.all(files));
}

/** Names of committed files that are not as they are made, missing and left over ones included. */
export async function staleDashboards(): Promise<readonly string[]> {
  const wanted = await renderDashboards();
  const found = await readdir(FOLDER);
  const names = [...new Set([...found, ...wanted.keys()])].toSorted();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, FOLDER), 'utf8').catch(() => null)));
  return names.filter((name, n) => texts[n] !== wanted.get(name));
}

async function main(args: readonly string[]): Promise<number> {
  const stale = await staleDashboards();
  if (!args.includes('--check')) {
    const wanted = await renderDashboards();
    await Promise.all(stale.map((name) => replace(new URL(name, FOLDER), wanted.get(name))));
    return 0;
  }
  if (stale.length === 0) return 0;
  process.stderr.write(`grafana/dashboards is not current (${stale.join(', ')}); run: npm run grafana:generate\n`);
  return 1;
}

async function replace(file: URL, text: string | undefined): Promise<void> {
  await (text === undefined ? unlink(file) : writeFile(file, text));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
