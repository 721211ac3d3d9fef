import { constants, existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { ConfigError } from '../config/load.ts';
import { messageOf } from '../io/error-text.ts';

const SCENARIOS = new URL('../../chaos/scenarios/', import.meta.url);
/** A pipe is not waited for. Absent on Windows. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a scenario.
 * @param name a file, or one of the scenarios that come with NetWatch by its name alone
 * @param maxBytes a larger file is not read
 * @throws ConfigError with the reason, and the scenarios that there are
 */
export async function readScenarioFile(name: string, maxBytes: number): Promise<string> {
  try {
    // A lone dash comes from yargs as nothing.
    if (name === '' || name === '-') throw new Error('the standard input is not read, give the name of a file');
    return await readRegularFile(existsSync(name) ? name : (shippedScenario(name) ?? name), maxBytes);
  } catch (error) {
    const names = (await readdir(SCENARIOS)).map((file) => file.replace(/\.yaml$/, '')).toSorted();
    throw new ConfigError([
      `cannot read the scenario ${name || '-'}: ${messageOf(error)}`,
      `allowed: a YAML file, or one that comes with NetWatch: ${names.join(', ')}`,
    ]);
  }
}

function shippedScenario(name: string): URL | null {
  const file = new URL(`${name}.yaml`, SCENARIOS);
  return /^[a-z0-9-]+$/.test(name) && existsSync(file) ? file : null;
}

async function readRegularFile(path: string | URL, maxBytes: number): Promise<string> {
  const handle = await open(path, FLAGS);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`it is ${stats.isDirectory() ? 'a directory' : 'not a regular file'}`);
    // Whatever size the file says it has: it may grow, and those of /proc say 0.
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
      length += bytesRead;
      if (length > maxBytes) throw new Error(`it is larger than a scenario may be, ${maxBytes} bytes`);
      if (bytesRead === 0) return bytes.toString('utf8', 0, length);
    }
  } finally {
    await handle.close();
  }
}
