import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureKept, keptPath } from './kept-file.ts';

const run = promisify(execFile);

/**
 * How time goes in a guest. `real`: as here; what runs in it is late when this machine is. `simulated`: it stands while
 * anything runs, and goes on to the next timer when nothing does. So nothing in it is ever late, however slow this
 * machine is, and nobody waits; but what waits for time without sleeping waits for ever.
 */
export type GuestClock = 'real' | 'simulated';

/** A kernel that runs as an ordinary process (User Mode Linux). */
export interface GuestKernel {
  /** Its program: a path, or a name to be found on the PATH. */
  readonly program: string;
  /** Words of its command line that it needs whatever it runs. */
  readonly flags: readonly string[];
  /** The folder of its modules; null: it needs none. */
  readonly modulesFolder: string | null;
}

const DEBIAN_KERNEL = 'linux.uml';
const DEBIAN_MODULES = '/usr/lib/uml/modules';
const CONFIG = fileURLToPath(new URL('guest-kernel.config', import.meta.url));
const SOURCES = '/usr/src/linux-source-*.tar.xz';
/** Stands for all headers of the C library: the kernel is a program of this machine. */
const C_HEADER = '/usr/include/stdio.h';
/** What there must be to build a kernel, and the Debian package that brings it. */
const BUILD_TOOLS = { make: 'make', gcc: 'gcc', bc: 'bc', flex: 'flex', bison: 'bison', xz: 'xz-utils' };
/** Far more than the log of a build has. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Which of these programs there are not, and the Debian packages that have them; null: all are there. */
export function lackOf(packageOf: Readonly<Record<string, string>>): string | null {
  const missing = Object.entries(packageOf).filter(([program]) => !isInstalled(program));
  if (missing.length === 0) return null;
  const packages = [...new Set(missing.map(([, name]) => name))];
  return lackText(missing.map(([program]) => program).join(', '), packages.join(' '));
}

/** What this machine lacks for a kernel with such a clock, and where to get it; null: nothing. */
export function kernelLacks(clock: GuestClock): string | null {
  if (clock === 'real') {
    if (!existsSync(DEBIAN_MODULES)) return lackText(DEBIAN_MODULES, 'user-mode-linux');
    return lackOf({ [DEBIAN_KERNEL]: 'user-mode-linux' });
  }
  if (existsSync(keptPath(keptName()))) return null;
  if (process.arch !== 'x64') return 'a kernel with a simulated clock can be built on x86-64 only';
  if (newestSource() === undefined) return lackText(SOURCES, 'linux-source');
  return lackOf(BUILD_TOOLS) ?? (existsSync(C_HEADER) ? null : lackText(C_HEADER, 'libc6-dev'));
}

/**
 * Debian's own for a real clock; for a simulated one a kernel that is built once, in some three minutes on two cores,
 * and kept in the user's cache.
 * @throws Error when it cannot be built, or the cache cannot be written
 */
export async function ensureKernel(clock: GuestClock): Promise<GuestKernel> {
  if (clock === 'real') return { program: DEBIAN_KERNEL, flags: [], modulesFolder: DEBIAN_MODULES };
  const program = await ensureKept(keptName(), buildKernel);
  return { program, flags: ['time-travel=inf-cpu'], modulesFolder: null };
}

/** Builds it in an empty folder. @returns its path */
async function buildKernel(folder: string): Promise<string> {
  const source = newestSource();
  if (source === undefined) throw new Error(lackText(SOURCES, 'linux-source'));
  const make = async (...args: string[]) =>
    run('make', ['ARCH=um', `--jobs=${availableParallelism()}`, ...args], {
      cwd: folder,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  await run('tar', ['--extract', '--file', source, '--strip-components=1', '--directory', folder]);
  await make(`KCONFIG_ALLCONFIG=${CONFIG}`, 'allnoconfig');
  assertConfigured(join(folder, '.config'));
  await make('linux');
  return join(folder, 'linux');
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
function keptName(): string {
  return `guest-kernel-${createHash('sha256').update(readFileSync(CONFIG)).digest('hex').slice(0, 12)}`;
}

function newestSource(): string | undefined {
  return globSync(SOURCES)
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
}

/** As a shell of root would find it: other users may lack the last two folders on their PATH. */
function isInstalled(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function lackText(what: string, packages: string): string {
  return `there is no ${what} (Debian: ${packages})`;
}
