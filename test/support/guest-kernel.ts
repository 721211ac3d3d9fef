import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * How time goes in a guest. `real`: as here; what runs in it is late when this machine is. `simulated`: it stands while
 * anything runs, and goes on to the next timer when nothing does. So nothing in it is ever late, however slow this
 * machine is, and nobody waits; but what waits for time without sleeping waits for ever.
 */
export type GuestClock = 'real' | 'simulated';

/** A kernel that runs as an ordinary process (User Mode Linux). */
export interface GuestKernel {
  readonly path: string;
  readonly flags: readonly string[];
  /** The folder of its modules; null: it needs none. */
  readonly modulesFolder: string | null;
}

const DEBIAN_KERNEL = 'linux.uml';
const DEBIAN_MODULES = '/usr/lib/uml/modules';
const CONFIG = fileURLToPath(new URL('guest-kernel.config', import.meta.url));
/** Debian's package linux-source. */
const SOURCES = '/usr/src/linux-source-*.tar.xz';
/** What there must be to build a kernel, and the Debian package that brings it. */
const BUILD_TOOLS = { make: 'make', gcc: 'gcc', bc: 'bc', flex: 'flex', bison: 'bison', xz: 'xz-utils' };
/** Far more than the log of a build has. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Where a program is, as a shell would find it; undefined: nowhere. */
export function whereIs(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Which of these programs there are not, and the Debian packages that have them. */
export function lackOf(packageOf: Readonly<Record<string, string>>): string | null {
  const missing = Object.entries(packageOf).filter(([program]) => whereIs(program) === undefined);
  if (missing.length === 0) return null;
  const packages = [...new Set(missing.map(([, name]) => name))];
  return `there is no ${missing.map(([program]) => program).join(', ')} (Debian: ${packages.join(' ')})`;
}

/** What this machine lacks for a kernel with such a clock, and where to get it; null: nothing. */
export function kernelLacks(clock: GuestClock): string | null {
  if (clock === 'real') {
    if (!existsSync(DEBIAN_MODULES)) return `there is no ${DEBIAN_MODULES} (Debian: user-mode-linux)`;
    return lackOf({ [DEBIAN_KERNEL]: 'user-mode-linux' });
  }
  if (existsSync(cachedKernel())) return null;
  if (newestSource() === undefined) return `there is no ${SOURCES} (Debian: linux-source)`;
  return lackOf(BUILD_TOOLS);
}

/**
 * Debian's own for a real clock; for a simulated one a kernel that is built once, in some three minutes on two cores, and
 * kept in the user's cache.
 * @throws Error when it cannot be built
 */
export async function ensureKernel(clock: GuestClock): Promise<GuestKernel> {
  if (clock === 'real') return { path: DEBIAN_KERNEL, flags: [], modulesFolder: DEBIAN_MODULES };
  const path = cachedKernel();
  if (!existsSync(path)) await buildKernel(path);
  return { path, flags: ['time-travel=inf-cpu'], modulesFolder: null };
}

async function buildKernel(path: string): Promise<void> {
  const source = newestSource();
  if (source === undefined) throw new Error(kernelLacks('simulated') ?? '');
  const parent = dirname(path);
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'making-'));
  const make = async (...args: string[]) =>
    run('make', ['ARCH=um', `--jobs=${availableParallelism()}`, ...args], {
      cwd: directory,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  try {
    await run('tar', ['--extract', '--file', source, '--strip-components=1', '--directory', directory]);
    await make(`KCONFIG_ALLCONFIG=${CONFIG}`, 'allnoconfig');
    assertConfigured(join(directory, '.config'));
    await make('linux');
    // Two that make it at a time do not meet.
    renameSync(join(directory, 'linux'), path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** An option that depends on one that is missing is left out without a word. */
function assertConfigured(path: string): void {
  const made = new Set(readFileSync(path, 'utf8').split('\n'));
  const options = readFileSync(CONFIG, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('CONFIG_'));
  const missing = options.filter((option) => !made.has(option));
  if (missing.length > 0) throw new Error(`this kernel cannot have ${missing.join(', ')} as ${CONFIG} says`);
}

/** Changes when its configuration does, so that none of another is taken. */
function cachedKernel(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const digest = createHash('sha256').update(readFileSync(CONFIG)).digest('hex').slice(0, 12);
  return join(cache, 'netwatch-test', `guest-kernel-${digest}`);
}

function newestSource(): string | undefined {
  return globSync(SOURCES)
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
}
