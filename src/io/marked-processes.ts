import { readdir, readFile } from 'node:fs/promises';
import { processOf, type ProcessIdentity } from './process-identity.ts';

/** The processes that were started with this environment variable set to one of the values. Linux; all only for root. */
export async function findMarkedProcesses(
  variable: string,
  values: ReadonlySet<string>,
): Promise<readonly ProcessIdentity[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const identity = await processOf(Number(pid));
      // One that ended meanwhile, or that this user may not look into, is none of ours.
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      const value = environment
        .split('\0')
        .find((entry) => entry.startsWith(`${variable}=`))
        ?.slice(variable.length + 1);
      return value !== undefined && values.has(value) ? identity : null;
    }),
  );
  return found.filter((identity) => identity !== null);
}
