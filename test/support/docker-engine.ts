import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { BASE_IMAGE, ensureBaseImageTar } from './base-image.ts';
import { removeControlGroups } from './control-groups.ts';
import { programsLacking } from './programs.ts';
import { USER_MODE_DNS, UserModeNetwork } from './user-mode-network.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);
/** Far more than the log of a build has. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

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
  return programsLacking(NEEDED);
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

export interface DockerEngineOptions {
  /**
   * True: what runs in it reaches the world through a process of this user (slirp4netns), as a build that installs
   * packages must, and it forwards and names as engines do. False: nothing leaves it, and kernels without netfilter do.
   */
  readonly reachesTheWorld?: boolean;
}

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
  readonly #wayOut: UserModeNetwork | null;

  constructor({ reachesTheWorld = false }: DockerEngineOptions = {}) {
    this.#directory = mkdtempSync(join(tmpdir(), 'netwatch-docker-'));
    this.#group = this.#directory.split('/').at(-1) ?? '';
    this.host = `unix://${this.#directory}/docker.sock`;
    this.#process = startDaemon(this.#directory, this.#group, reachesTheWorld);
    this.#wayOut = reachesTheWorld ? new UserModeNetwork(this.networkNamespace) : null;
  }

  /** Path of the namespace that its published ports are in. */
  get networkNamespace(): string {
    return `/proc/${this.#process.pid}/ns/net`;
  }

  /** The control groups of everything in it, in each hierarchy below the one of this name. */
  get controlGroup(): string {
    return this.#group;
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
    await this.#wayOut?.ready();
    await this.docker('import', await ensureBaseImageTar(), BASE_IMAGE);
  }

  /** Runs `docker` and gives what it wrote to standard output, trimmed. @throws Error with what it wrote to standard error */
  async docker(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('docker', [...args], { env: this.environment, maxBuffer: MAX_OUTPUT_BYTES });
    return stdout.trim();
  }

  /** Runs `docker` until its end, and keeps each line that it writes. */
  lines(...args: readonly string[]): { readonly lines: readonly string[]; end(): void } {
    const child = spawn('docker', [...args], { env: this.environment, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    return { lines, end: () => void child.kill('SIGKILL') };
  }

  /** What a client of it finds it by. A build is the classic one, because BuildKit is not everywhere. */
  get environment(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, DOCKER_HOST: this.host, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: this.#directory };
  }

  /** Ends it and everything in it, and removes its files. Idempotent. */
  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await exited;
    }
    await this.#wayOut?.close();
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
export async function startDockerEngine(options: DockerEngineOptions = {}): Promise<DockerEngine> {
  const engine = new DockerEngine(options);
  try {
    await engine.ready();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

function startDaemon(directory: string, group: string, reachesTheWorld: boolean): ChildProcess {
  const options = {
    'data-root': join(directory, 'data'),
    'exec-root': join(directory, 'exec'),
    pidfile: join(directory, 'pid'),
    host: `unix://${directory}/docker.sock`,
    'cgroup-parent': `/${group}`,
    'exec-opt': 'native.cgroupdriver=cgroupfs',
    iptables: String(reachesTheWorld),
    ip6tables: 'false',
    ...(reachesTheWorld && { dns: USER_MODE_DNS }),
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
