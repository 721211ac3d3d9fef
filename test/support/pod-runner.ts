import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import type { V1Container, V1EnvVar } from '@kubernetes/client-node';
import { imageFacts } from './image-facts.ts';
import type { PodTemplate } from './manifest-pods.ts';
import { NetwatchProcess } from './netwatch-process.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const NETWORK = '10.88.77';

/** What is not in the manifest: it differs from pod to pod. */
export interface PodFacts {
  readonly name: string;
  /** Names under which others find it. */
  readonly hosts: readonly string[];
  readonly index?: number;
  readonly nodeName?: string;
  /** Contents of the files that its volumes bring, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** What the kubelet adds to its environment. */
  readonly kubelet?: Readonly<Record<string, string>>;
  /** In the network of the test itself, not in one of its own. */
  readonly isOnHost?: boolean;
}

/**
 * Runs containers of pods as the manifests say, without a cluster: the image's program with the pod's arguments,
 * environment, user and files, no capability, a root file system that cannot be written, and a network namespace for
 * each pod. Needs root, and makes and removes a bridge and namespaces of its own.
 */
export class PodRunner {
  readonly #id = `nwk${process.pid}`;
  readonly #directory = mkdtempSync(join(tmpdir(), 'netwatch-pods-'));
  readonly #hosts: string[] = ['127.0.0.1 localhost'];
  readonly #namespaces: string[] = [];
  readonly #running: NetwatchProcess[] = [];

  constructor(context: TestContext) {
    context.after(() => this.#remove());
    ip('link', 'add', this.#id, 'type', 'bridge');
    ip('address', 'add', `${NETWORK}.1/24`, 'dev', this.#id);
    ip('link', 'set', this.#id, 'up');
  }

  /** A network for a pod. @returns its address, under which its names are known from now on */
  addPod({ name, hosts }: PodFacts): string {
    const number = this.#namespaces.length + 2;
    const [namespace, inside] = [`${this.#id}-${name}`, `${this.#id}i`];
    const outside = `${this.#id}v${number}`;
    ip('netns', 'add', namespace);
    this.#namespaces.push(namespace);
    ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', namespace);
    ip('link', 'set', outside, 'master', this.#id, 'up');
    ip('-n', namespace, 'address', 'add', `${NETWORK}.${number}/24`, 'dev', inside);
    ip('-n', namespace, 'link', 'set', inside, 'up');
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    for (const host of hosts) this.#hosts.push(`${NETWORK}.${number} ${host}`);
    return `${NETWORK}.${number}`;
  }

  /** Runs a container of a pod until the test is over. */
  run(pod: PodTemplate, container: V1Container, facts: PodFacts): NetwatchProcess {
    const image = imageFacts((container.image ?? '').replace(/^netwatch-|:.*$/g, ''));
    const [program, , ...role] = image.entrypoint;
    if (program !== 'node') throw new Error(`${container.image} does not start node`);
    const env = { ...image.environment, ...environmentOf(container.env ?? [], pod, facts), ...facts.kubelet };
    const script = this.#script(pod, facts);
    const inNetwork = facts.isOnHost ? [] : ['nsenter', `--net=/run/netns/${this.#id}-${facts.name}`];
    const before = [...inNetwork, 'unshare', '--mount', '--propagation', 'private', 'sh', script];
    const args = ['--disable-warning=ExperimentalWarning', '/mnt/src/cli.ts', ...role, ...(container.args ?? [])];
    const running = new NetwatchProcess(args, env, before);
    this.#running.push(running);
    return running;
  }

  /** What the container's runtime does before the program starts. */
  #script({ spec }: PodTemplate, facts: PodFacts): string {
    const { runAsUser, runAsGroup } = spec.securityContext ?? {};
    const files = join(this.#directory, facts.name);
    for (const [path, text] of Object.entries(facts.files)) {
      const file = join(files, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, 0o440);
      chownSync(file, 0, spec.securityContext?.fsGroup ?? 0);
    }
    mkdirSync(files, { recursive: true });
    const hosts = join(this.#directory, `${facts.name}.hosts`);
    writeFileSync(hosts, `${this.#hosts.join('\n')}\n`);
    const modules = realpathSync(join(PROJECT, 'node_modules'));
    const emptyDirectories = (spec.volumes ?? [])
      .filter(({ emptyDir }) => emptyDir)
      .map(({ name }) => `/run/netwatch/${name}`);
    const script = [
      'set -eu',
      `mount --bind "${PROJECT}" /mnt`,
      `mount --bind "${modules}" /mnt/node_modules`,
      `mount --bind "${hosts}" /etc/hosts`,
      'files=$(mktemp -d /dev/shm/netwatch-XXXXXX)',
      `cp -a "${files}/." "$files"`,
      'mount -t tmpfs tmpfs /run',
      '[ ! -d "$files/run" ] || cp -a "$files/run/." /run',
      'rm -r "$files"',
      ...emptyDirectories.map((path) => `mkdir -p ${path}; chown ${runAsUser}:${runAsGroup} ${path}`),
      'mount -o remount,bind,ro /',
      `exec setpriv --reuid ${runAsUser} --regid ${runAsGroup} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "${process.execPath.startsWith(PROJECT) ? `/mnt/${process.execPath.slice(PROJECT.length)}` : process.execPath}" "$@"`,
    ].join('\n');
    const file = join(this.#directory, `${facts.name}.sh`);
    writeFileSync(file, script);
    return file;
  }

  async #remove(): Promise<void> {
    await Promise.all(this.#running.map((running) => running.close()));
    for (const [i, namespace] of this.#namespaces.entries()) {
      // With one end of its cable the other one goes; the namespace itself may take a moment.
      ip('link', 'delete', `${this.#id}v${i + 2}`);
      ip('netns', 'delete', namespace);
    }
    ip('link', 'delete', this.#id);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The variables of a container, as the kubelet works them out. */
function environmentOf(env: readonly V1EnvVar[], pod: PodTemplate, facts: PodFacts): Record<string, string> {
  const labels: Readonly<Record<string, string>> = {
    ...pod.labels,
    ...(facts.index === undefined ? {} : { 'apps.kubernetes.io/pod-index': String(facts.index) }),
  };
  const fields: Readonly<Record<string, string>> = {
    'spec.nodeName': facts.nodeName ?? '',
    'metadata.namespace': 'netwatch',
    'metadata.name': facts.name,
  };
  const values: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    const path = valueFrom?.fieldRef?.fieldPath ?? '';
    const label = /^metadata\.labels\['(.+)'\]$/.exec(path)?.[1];
    const text = value ?? (label === undefined ? fields[path] : labels[label]);
    if (text === undefined) throw new Error(`${pod.of}: nothing is known of ${name}`);
    values[name] = text.replaceAll(/\$\(([A-Z_]+)\)/g, (whole, referred: string) => values[referred] ?? whole);
  }
  return values;
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
