import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import type { V1Container } from '@kubernetes/client-node';
import { imageFacts } from './image-facts.ts';
import type { PodTemplate } from './manifest-pods.ts';
import { NetwatchProcess } from './netwatch-process.ts';
import { environmentOf, type PodIdentity } from './pod-environment.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const NETWORK = '10.88.77';

/** What is not in the manifest: it differs from pod to pod. */
export interface PodFacts extends PodIdentity {
  /** Names under which others find it. */
  readonly hosts: readonly string[];
  /** Contents of the files that its volumes bring, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** What the kubelet adds to its environment. */
  readonly kubelet?: Readonly<Record<string, string>>;
  /** In the network of the test itself, not in one of its own. */
  readonly isOnHost?: boolean;
}

/**
 * Runs containers of pods as the manifests say, without a cluster: the image's program with the pod's arguments,
 * environment, user, files and volumes, no capability, a root file system that cannot be written, and a network
 * namespace for each pod. Needs root, and makes and removes a bridge and namespaces of its own.
 */
export class PodRunner {
  readonly #id = `nwk${process.pid}`;
  readonly #directory = mkdtempSync(join(tmpdir(), 'netwatch-pods-'));
  readonly #hosts: string[] = ['127.0.0.1 localhost'];
  /** What undoes the network so far, as arguments of `ip`. */
  readonly #undo: (readonly string[])[] = [];
  readonly #running: NetwatchProcess[] = [];
  #pods = 0;

  constructor(context: TestContext) {
    context.after(() => this.#remove());
    ip('link', 'add', this.#id, 'type', 'bridge');
    this.#undo.push(['link', 'delete', this.#id]);
    ip('address', 'add', `${NETWORK}.1/24`, 'dev', this.#id);
    ip('link', 'set', this.#id, 'up');
  }

  /** A network for a pod. @returns its address, under which its names are known from now on */
  addPod({ name, hosts }: PodFacts): string {
    this.#pods++;
    const address = `${NETWORK}.${this.#pods + 1}`;
    const [namespace, inside, outside] = [`${this.#id}-${name}`, `${this.#id}i`, `${this.#id}v${this.#pods}`];
    ip('netns', 'add', namespace);
    this.#undo.push(['netns', 'delete', namespace]);
    ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', namespace);
    // With one end of its cable the other one goes; the namespace itself may take a moment.
    this.#undo.push(['link', 'delete', outside]);
    ip('link', 'set', outside, 'master', this.#id, 'up');
    ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', inside);
    ip('-n', namespace, 'link', 'set', inside, 'up');
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    for (const host of hosts) this.#hosts.push(`${address} ${host}`);
    return address;
  }

  /** Runs a container of a pod until the test is over. Containers of one pod share its volumes, as in a cluster. */
  run(pod: PodTemplate, container: V1Container, facts: PodFacts): NetwatchProcess {
    const image = imageFacts((container.image ?? '').replace(/^netwatch-|:.*$/g, ''));
    const [program, , ...role] = image.entrypoint;
    if (program !== 'node') throw new Error(`${container.image} does not start node`);
    const env = { ...image.environment, ...environmentOf(container.env ?? [], pod, facts), ...facts.kubelet };
    const script = this.#script(pod, container, facts);
    const inNetwork = facts.isOnHost ? [] : ['nsenter', `--net=/run/netns/${this.#id}-${facts.name}`];
    const before = [...inNetwork, 'unshare', '--mount', '--propagation', 'private', 'sh', script];
    const args = ['--disable-warning=ExperimentalWarning', '/mnt/src/cli.ts', ...role, ...(container.args ?? [])];
    const running = new NetwatchProcess(args, env, before);
    this.#running.push(running);
    return running;
  }

  /** What the container's runtime does before the program starts. */
  #script(pod: PodTemplate, container: V1Container, facts: PodFacts): string {
    const { runAsUser, runAsGroup, fsGroup = 0 } = pod.spec.securityContext ?? {};
    const place = join(this.#directory, `${facts.name}.${container.name}`);
    const files = writeFiles(`${place}.files`, facts.files, fsGroup);
    const hosts = `${place}.hosts`;
    writeFileSync(hosts, `${this.#hosts.join('\n')}\n`);
    const node = process.execPath.startsWith(PROJECT)
      ? join('/mnt', process.execPath.slice(PROJECT.length))
      : process.execPath;
    const script = [
      'set -eu',
      `mount --bind "${PROJECT}" /mnt`,
      `mount --bind "${realpathSync(join(PROJECT, 'node_modules'))}" /mnt/node_modules`,
      `mount --bind "${hosts}" /etc/hosts`,
      'files=$(mktemp -d /dev/shm/netwatch-XXXXXX)',
      `cp -a "${files}/." "$files"`,
      'mount -t tmpfs tmpfs /run',
      '[ ! -d "$files/run" ] || cp -a "$files/run/." /run',
      'rm -r "$files"',
      ...this.#volumeLines(pod, container, facts),
      'mount -o remount,bind,ro /',
      `exec setpriv --reuid ${runAsUser} --regid ${runAsGroup} --clear-groups --no-new-privs --inh-caps=-all ` +
        `--bounding-set=-all -- "${node}" "$@"`,
    ].join('\n');
    writeFileSync(`${place}.sh`, script);
    return `${place}.sh`;
  }

  /** Brings the pod's empty directories to where the container has them. */
  #volumeLines({ spec }: PodTemplate, { volumeMounts = [] }: V1Container, { name: podName }: PodFacts): string[] {
    const { runAsUser = 0, runAsGroup = 0 } = spec.securityContext ?? {};
    const empty = new Set((spec.volumes ?? []).filter(({ emptyDir }) => emptyDir).map(({ name }) => name));
    return volumeMounts
      .filter(({ name }) => empty.has(name))
      .flatMap(({ name, mountPath, readOnly = false }) => {
        const shared = join(this.#directory, `${podName}.volumes`, name);
        mkdirSync(shared, { recursive: true });
        chownSync(shared, runAsUser, runAsGroup);
        const lines = [`mkdir -p "${mountPath}"`, `mount --bind "${shared}" "${mountPath}"`];
        return readOnly ? [...lines, `mount -o remount,bind,ro "${mountPath}"`] : lines;
      });
  }

  async #remove(): Promise<void> {
    await Promise.all(this.#running.map((running) => running.close()));
    for (const args of this.#undo.toReversed()) ip(...args);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Writes files that their group may read. @returns the directory */
function writeFiles(directory: string, files: Readonly<Record<string, string>>, group: number): string {
  mkdirSync(directory, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o440);
    chownSync(file, 0, group);
  }
  return directory;
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
