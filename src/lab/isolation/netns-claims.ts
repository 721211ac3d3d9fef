import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../io/listen-error.ts';
import { isProcessRunning, processOf } from '../../io/process-identity.ts';
import { type NetnsClaim, parseNetnsClaim } from '../../wire/netns-claim.ts';

/** Where the labs of this machine say which networks are theirs. Root's; empty after a restart of the machine. */
export const CLAIM_DIRECTORY = '/run/netwatch/labs';

/** `netns-10.78.json`; with the network in the name, no two labs can claim one. */
const FILE_NAME = /^netns-\d+\.\d+\.json$/;

/** A claim as it was found. */
export interface FoundClaim {
  readonly claim: NetnsClaim;
  /** Whether its lab runs. */
  readonly isAlive: boolean;
}

/**
 * Claims a network for this process, before anything is made.
 * @returns null when another lab has it
 * @throws Error when it cannot be written
 */
export async function claimNetwork(
  directory: string,
  parts: { network: string; racks: number; serversPerRack: number },
): Promise<NetnsClaim | null> {
  const self = await processOf(process.pid);
  if (self === null) throw new Error(`this process is not in /proc (pid ${process.pid}): is /proc mounted?`);
  const { network, racks, serversPerRack } = parts;
  const { pid, startTicks: start_ticks } = self;
  const claim: NetnsClaim = { version: 1, pid, start_ticks, network, racks, servers_per_rack: serversPerRack };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const [path, unfinished] = [fileOf(directory, network), join(directory, `${pid}.new`)];
  await writeFile(unfinished, `${JSON.stringify(claim, null, 2)}\n`, { mode: 0o600 });
  try {
    // As a whole or not at all, and only one of two labs.
    await link(unfinished, path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return null;
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
  return claim;
}

/** Gives a network up, once nothing of it is left. Idempotent. */
export async function dropClaim(directory: string, { network }: NetnsClaim): Promise<void> {
  await rm(fileOf(directory, network), { force: true });
}

/** All claims there are. A file that is none is left alone. */
export async function findClaims(directory: string): Promise<readonly FoundClaim[]> {
  const names = (await filesIn(directory)).filter((name) => FILE_NAME.test(name));
  const found = await Promise.all(
    names.toSorted().map(async (name): Promise<readonly FoundClaim[]> => {
      const claim = parseNetnsClaim(await readFile(join(directory, name), 'utf8').catch(() => ''));
      if (claim === null) return [];
      const isAlive = await isProcessRunning({ pid: claim.pid, startTicks: claim.start_ticks });
      return [{ claim, isAlive }];
    }),
  );
  return found.flat();
}

async function filesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch {
    // No lab has ever claimed anything here.
    return [];
  }
}

function fileOf(directory: string, network: string): string {
  return join(directory, `netns-${network}.json`);
}
