import { createHash } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { MAX_NAME_BYTES } from '../config/name-template.ts';
import type { PlaceConfig } from '../config/place.ts';
import { fileErrorText } from '../io/error-text.ts';
import { UserError } from '../io/user-error.ts';
import type { Place } from './claim.ts';

/** Of a short name: 40 bits, of which two in a rack of 4096 nodes are alike once in a hundred thousand racks. */
const HASH_LENGTH = 10;

/**
 * Writes what `netwatch agent --config` reads: rack, server id, name, and the host and port of the rack controller. In
 * one step, so that an agent never reads half of it.
 * @throws UserError that names the file and says why it cannot be written
 */
export async function writeAgentFile(config: PlaceConfig, { rackId, serverId }: Place): Promise<void> {
  const agent = {
    rack_id: rackId,
    servers: String(serverId),
    name: shortName(config.nodeName),
    rack_controller_host: config.rackControllerHost.replaceAll('{rack}', String(rackId)),
    rack_controller_port: config.rackControllerPort,
  };
  const unfinished = unfinishedName(config.out);
  try {
    await writeFile(unfinished, `${JSON.stringify(agent, null, 2)}\n`);
    await rename(unfinished, config.out);
  } catch (error) {
    // Why it cannot be written is what is to be told, not what is left of it.
    await rm(unfinished, { force: true }).catch(() => {});
    throw notWritable(config.out, error);
  }
}

/**
 * Writes and removes what `writeAgentFile` begins with: after a place is claimed is too late to be told.
 * @throws UserError that names the file and says why it cannot be written
 */
export async function requireWritable(out: string): Promise<void> {
  const unfinished = unfinishedName(out);
  try {
    await writeFile(unfinished, '');
    await rm(unfinished);
  } catch (error) {
    throw notWritable(out, error);
  }
  const known = await stat(out).catch(() => null);
  if (known?.isDirectory()) throw notWritable(out, new Error('EISDIR: it is a directory'));
}

/**
 * The name of a node as an agent may have it: of a longer one, the beginning, and a hash of the whole, so that no two
 * nodes have the same. Names of nodes have up to 253 characters, all of them ASCII; the Lease has the whole name.
 */
export function shortName(nodeName: string): string {
  if (nodeName.length <= MAX_NAME_BYTES) return nodeName;
  const hash = createHash('sha256').update(nodeName).digest('hex').slice(0, HASH_LENGTH);
  return `${nodeName.slice(0, MAX_NAME_BYTES - HASH_LENGTH - 1)}-${hash}`;
}

function unfinishedName(out: string): string {
  return `${out}.new`;
}

function notWritable(out: string, cause: unknown): UserError {
  return new UserError(
    `--out: got "${out}", which cannot be written: ${fileErrorText(cause)}. Give a file in a directory that this user may write to`,
    { cause },
  );
}
