import { spawnSync } from 'node:child_process';

/** Says which of these programs a machine lacks, and the Debian packages that have them; null when it has them all. */
export function programsLacking(packageOf: Readonly<Record<string, string>>): string | null {
  const missing = Object.entries(packageOf).filter(([name]) => spawnSync(name, ['--version']).error !== undefined);
  if (missing.length === 0) return null;
  const packages = [...new Set(missing.map(([, from]) => from))].join(', ');
  return `${missing.map(([name]) => name).join(', ')} not installed (Debian: ${packages})`;
}
