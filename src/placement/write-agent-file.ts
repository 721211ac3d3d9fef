import { rename, rm, writeFile } from 'node:fs/promises';
import { MAX_NAME_BYTES } from '../config/name-template.ts';
import type { PlaceConfig } from '../config/place.ts';
import { fileErrorText } from '../io/error-text.ts';
import { UserError } from '../io/user-error.ts';
import type { Place } from './claim.ts';

/**
 * Writes what `netwatch agent --config` reads: rack, server id, name, and the host and port of the rack controller. In
 * one step, so that an agent never reads half of it.
 * @throws UserError that names the file and says why it cannot be written
 */
export async function writeAgentFile(config: PlaceConfig, { rackId, serverId }: Place): Promise<void> {
  const agent = {
    rack_id: rackId,
    servers: String(serverId),
    // Nodes may have 253 characters, all of them ASCII; the Lease has the whole name.
    name: config.nodeName.slice(0, MAX_NAME_BYTES),
    rack_controller_host: config.rackControllerHost.replaceAll('{rack}', String(rackId)),
    rack_controller_port: config.rackControllerPort,
  };
  const unfinished = `${config.out}.new`;
  try {
    await writeFile(unfinished, `${JSON.stringify(agent, null, 2)}\n`);
    await rename(unfinished, config.out);
  } catch (error) {
    // Why it cannot be written is what is to be told, not what is left of it.
    await rm(unfinished, { force: true }).catch(() => {});
    throw new UserError(
      `--out: got "${config.out}", which cannot be written: ${fileErrorText(error)}. Give a file in a directory that this user may write to`,
      { cause: error },
    );
  }
}
