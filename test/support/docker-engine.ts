import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { BASE_IMAGE, ensureBaseImageTar } from './base-image.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);

/** Programs, and the Debian packages that have them. */
const NEEDED = {
  dockerd: 'docker.io',
  docker: 'docker.io',
  debootstrap: 'debootstrap',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  ip: 'iproute2',
  tc: 'iproute2',
} as const;

/** What a machine lacks for a Docker Engine of the tests' own; null when it has everything. */
export function dockerEngineLacks(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'only root can start a Docker Engine';
  const missing = Object.entries(NEEDED).filter(([name]) => spawnSync(name, ['--version']).error !== undefined);
  if (missing.length === 0) return null;
  const packages = [...new Set(missing.map(([, from]) => from))].join(', ');
  return `${missing.map(([name]) => name).join(', ')} not installed (Debian: ${packages})`;
}

/**
 * Runs in the namespaces before the engine does. A /run of its own hides the containerd of an engine that runs here,
 * but not the folder of the sockets, when that is below it. A bare kernel has control groups, and nowhere a place for them.
 */
const START_SCRIPT = `
set -e
directory=$1
shift
mount --bind "$directory" /mnt
mount -t tmpfs tmpfs /run
mkdir -p "$directory"
mount --move /mnt "$directory"
ip link set lo up
if [ -z "$(ls /sys/fs/cgroup)" ]; then
  mount -t tmpfs tmpfs /sys/fs/cgroup
  while read -r name _ _ enabled; do
    [ "$enabled" = 1 ] || continue
    mkdir "/sys/fs/cgroup/$name"
    mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name"
  done </proc/cgroups
fi
exec docker-init -- dockerd "$@"
`;

/**
 * A Docker Engine in mount, network and process namespaces of its own. An engine that runs here is not touched, what a
 * test breaks is only the engine's network, and when its first process dies, everything in it does.
 */
export class DockerEngine {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  readonly #directory: string;
  readonly #group: string;
  readonly #process: ChildProcess;

  constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), 'netwatch-docker-'));
    this.#group = this.#directory.split('/').at(-1) ?? '';
    this.host = `unix://${this.#directory}/docker.sock`;
    this.#process = startDaemon(this.#directory, this.#group);
  }

  /** Resolves once it answers and has the base image. */
  async ready(): Promise<void> {
    await waitUntil('the Docker Engine answers', async () => {
      assert.ok(this.#process.exitCode === null && this.#process.signalCode === null, this.#logHint());
      return this.docker('version').then(
        () => true,
        () => false,
      );
    });
    await this.docker('import', await ensureBaseImageTar(), BASE_IMAGE);
  }

  /** Runs `docker` and gives what it wrote to standard output, trimmed. @throws Error with what it wrote to standard error */
  async docker(...args: readonly string[]): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      DOCKER_HOST: this.host,
      DOCKER_BUILDKIT: '0',
      DOCKER_CONFIG: this.#directory,
    };
    const { stdout } = await run('docker', [...args], { env });
    return stdout.trim();
  }

  /** Runs `docker` until its end, and keeps each line that it writes. */
  lines(...args: readonly string[]): { readonly lines: readonly string[]; end(): void } {
    const child = spawn('docker', [...args], { env: this.#environment, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    return { lines, end: () => void child.kill('SIGKILL') };
  }

  get #environment(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, DOCKER_HOST: this.host, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: this.#directory };
  }

  /** Ends it and everything in it, and removes its files. Idempotent. */
  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await exited;
    }
    // The processes inside die one after the other.
    await waitUntil('the files of the Docker Engine are removed', () => {
      try {
        rmSync(this.#directory, { recursive: true, force: true });
        return removeControlGroups('/sys/fs/cgroup', this.#group);
      } catch {
        return false;
      }
    });
  }

  #logHint(): string {
    return `the Docker Engine ended at its start, see ${this.#directory}/dockerd.log`;
  }
}

/** Starts the engine of a test file. */
export async function startDockerEngine(): Promise<DockerEngine> {
  const engine = new DockerEngine();
  try {
    await engine.ready();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

function startDaemon(directory: string, group: string): ChildProcess {
  const options = {
    'data-root': join(directory, 'data'),
    'exec-root': join(directory, 'exec'),
    pidfile: join(directory, 'pid'),
    host: `unix://${directory}/docker.sock`,
    'cgroup-parent': `/${group}`,
    'exec-opt': 'native.cgroupdriver=cgroupfs',
    // Nothing here talks to the world, and kernels without netfilter will do.
    iptables: 'false',
    ip6tables: 'false',
  };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  // It dies with the process of the test too, however that ends.
  const args = ['--pdeathsig', 'KILL', 'unshare', ...namespaces, 'sh', '-c', START_SCRIPT, 'sh', directory, ...flags];
  const child = spawn('setpriv', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Other folders that variables name may not be there any more.
    env: { PATH: process.env.PATH, TMPDIR: directory },
  });
  child.stderr.pipe(createWriteStream(join(directory, 'dockerd.log')).on('error', () => {}));
  return child;
}

/** Removes the control groups of this name in every hierarchy. @throws Error while one of them has processes */
function removeControlGroups(root: string, group: string): true {
  for (const path of [join(root, group), ...folders(root).map((name) => join(root, name, group))]) removeGroup(path);
  return true;
}

function removeGroup(path: string): void {
  let inner: string[];
  try {
    inner = folders(path);
  } catch {
    return;
  }
  for (const name of inner) removeGroup(join(path, name));
  rmdirSync(path);
}

function folders(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
