import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { guestInit } from './guest-init.ts';
import { ensureKernel, type GuestClock, type GuestKernel, kernelLacks, lackOf } from './guest-kernel.ts';

/** What must be there besides a kernel, and the Debian package that brings it. */
const NEEDED = { tc: 'iproute2', ip: 'iproute2', modprobe: 'kmod', busybox: 'busybox', taskset: 'util-linux' };
const MODULES = 'sch_netem sch_prio sch_tbf sch_htb sch_ingress cls_u32 act_mirred ifb veth bridge'.split(' ');
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
/** Far beyond what is needed: a slow machine is no failure. */
const TIMEOUT_SECONDS = 1_200;

export interface GuestOptions {
  /** Run by `sh` in the project's folder, as root; what it writes to stdout and stderr is given back. */
  readonly script: string;
  /** Memory of the guest; 512 when not given. */
  readonly memoryMiB?: number;
  /** The guest is killed when it takes longer; 1200 when not given. */
  readonly timeoutSeconds?: number;
  /** How time goes in it; `real` when not given. */
  readonly clock?: GuestClock;
  /** Kernel modules besides those for netem, bridges and veth pairs; refused where the clock is simulated. */
  readonly modules?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface GuestResult {
  /** Of the script; null when the guest never came to its end. */
  readonly exitCode: number | null;
  /** Of the script, stdout and stderr. */
  readonly output: string;
  /** What the kernel said. */
  readonly console: string;
  readonly isTimeout: boolean;
}

/** What this machine lacks to run a guest, and where to get it; null: nothing. */
export function guestLacks(clock: GuestClock = 'real'): string | null {
  return lackOf(NEEDED) ?? kernelLacks(clock);
}

/**
 * Boots a Linux kernel of its own, with netem, as an ordinary process on one core and on this machine's files (User Mode
 * Linux, about 2 s), runs a script as its root and powers it off. The project's `node` is first on its PATH; /run (with
 * TMPDIR, HOME and the network namespaces), processes and network are the guest's own; everything else that the script
 * writes to are the host's files.
 * @throws Error when its kernel cannot be built or started, or cannot load modules that are asked for
 */
export async function runInGuest(options: GuestOptions): Promise<GuestResult> {
  const resultFolder = await mkdtemp(join(tmpdir(), 'netwatch-guest-'));
  try {
    const init = join(resultFolder, 'init');
    const { script, modules = [], environment = {}, clock = 'real' } = options;
    const kernel = await ensureKernel(clock);
    const { modulesFolder } = kernel;
    assert.ok(
      modulesFolder !== null || modules.length === 0,
      `the kernel has no modules, and is to load ${modules.join(', ')}`,
    );
    const paths = { resultFolder, projectFolder: PROJECT, nodeFolder: dirname(process.execPath), modulesFolder };
    await writeFile(join(resultFolder, 'script'), script);
    await writeFile(init, guestInit({ script, modules: [...MODULES, ...modules], environment, ...paths }), {
      mode: 0o755,
    });
    const { console, isTimeout } = await boot(kernel, init, options);
    const [output, code] = await Promise.all(
      ['output', 'code'].map((name) => readFile(join(resultFolder, name), 'utf8').catch(() => '')),
    );
    return { exitCode: code ? Number(code) : null, output: output ?? '', console, isTimeout };
  } finally {
    await rm(resultFolder, { recursive: true, force: true });
  }
}

/**
 * A test that runs whole test files in a guest, one after the other: `testInGuest('netem …', ['test/guest/x.test.ts'])`.
 * It fails with the report of the inner tests when one of them fails, when one skips, and when there is none. Where this
 * machine lacks what a guest needs it skips and says what; in CI it fails instead.
 * @param files relative to the project's folder
 */
export function testInGuest(name: string, files: readonly string[], options: Omit<GuestOptions, 'script'> = {}): void {
  const lacks = guestLacks(options.clock);
  test(name, { skip: process.env.CI ? false : (lacks ?? false) }, async (context) => {
    assert.equal(lacks, null, 'in CI no test may skip');
    context.diagnostic((await runTestsInGuest(files, options)).trim());
  });
}

/** As {@link testInGuest}, inside a test. Gives the report. @throws AssertionError with the report */
export async function runTestsInGuest(
  files: readonly string[],
  options: Omit<GuestOptions, 'script'> = {},
): Promise<string> {
  const command = `node --disable-warning=ExperimentalWarning --test --test-concurrency=1 --test-reporter=spec`;
  const result = await runInGuest({
    ...options,
    script: `exec ${command} ${files.map((file) => `'${file}'`).join(' ')}`,
  });
  const { output, exitCode, isTimeout } = result;
  const count = (what: string) => Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const told = `${output}\nconsole of the guest:\n${result.console}`;
  assert.ok(!isTimeout, `the guest did not come to its end in time\n${told}`);
  assert.equal(exitCode, 0, `tests failed in the guest\n${told}`);
  assert.ok(count('tests') > 0, `no test ran in the guest\n${told}`);
  assert.equal(count('skipped'), 0, `tests skipped in the guest\n${told}`);
  return output;
}

async function boot(
  kernel: GuestKernel,
  init: string,
  options: GuestOptions,
): Promise<{ console: string; isTimeout: boolean }> {
  const { memoryMiB = 512, timeoutSeconds = TIMEOUT_SECONDS } = options;
  const root = ['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'rw'];
  const terminals = ['con=null', 'con0=fd:0,fd:1', 'quiet', 'panic=-1'];
  const flags = [`mem=${memoryMiB}M`, `uml_dir=${dirname(init)}/uml/`, `init=${init}`, ...kernel.flags];
  // It has one core, and its processes wait for one another at every turn: on several cores of this machine it is far
  // slower.
  const guest = spawn('taskset', ['--cpu-list', lastCore(), kernel.program, ...flags, ...root, ...terminals], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The guest is many processes; in a group of their own they can be ended together.
    detached: true,
  });
  let text = '';
  for (const stream of [guest.stdout, guest.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  let isTimeout = false;
  const deadline = setTimeout(() => {
    isTimeout = true;
    kill(guest);
  }, timeoutSeconds * 1_000);
  const onExit = () => kill(guest);
  process.once('exit', onExit);
  try {
    await once(guest, 'close');
  } finally {
    clearTimeout(deadline);
    process.removeListener('exit', onExit);
    kill(guest);
  }
  return { console: text, isTimeout };
}

/** The number of the last core of this machine that this process may use. */
function lastCore(): string {
  const [, core] = /^Cpus_allowed_list:.*?(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return core ?? '0';
}

function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended.
  }
}
