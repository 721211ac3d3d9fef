import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { V1EphemeralContainer } from '@kubernetes/client-node';
import { STOP_SCRIPT } from '../../src/chaos/kubernetes/chaos-container.ts';
import { expandReferences } from './kubernetes-expansion.ts';
import type { KubeletStep, LiveContainer } from './kubernetes-pod-double.ts';

/** No right but this one, and no way to another: what the container asks for, and what an exec into it has too. */
const NET_ADMIN_ONLY = [
  'setpriv',
  '--no-new-privs',
  '--inh-caps=-all,+net_admin',
  '--bounding-set=-all,+net_admin',
  '--',
];
/** As much as a kubelet keeps of a log for the pod's status. */
const MAX_MESSAGE_LENGTH = 2048;

/**
 * The network of a pod: a namespace with one device. Containers run in it as a kubelet would run them: with pids and
 * a /tmp of their own, and NET_ADMIN as their only right.
 */
export class LivePod {
  readonly namespace: string;
  readonly #children: ChildProcess[] = [];

  constructor(namespace: string) {
    this.namespace = namespace;
    run('ip', ['netns', 'add', namespace]);
    run('ip', ['-n', namespace, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1']);
    run('ip', ['-n', namespace, 'link', 'set', 'eth0', 'up']);
  }

  /** What `tc` says of its device. */
  get qdisc(): string {
    return run('tc', ['-n', this.namespace, 'qdisc', 'show', 'dev', 'eth0']);
  }

  /** Kills what runs, without a word, as when a node runs out of memory. */
  kill(): void {
    for (const child of this.#children) {
      const pid = firstPid(child);
      if (pid !== null) process.kill(pid, 'SIGKILL');
    }
  }

  close(): void {
    this.kill();
    run('ip', ['netns', 'del', this.namespace]);
  }

  start(container: V1EphemeralContainer): LiveContainer {
    const variables = Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, value]));
    const command = (container.command ?? []).map((word) => expandReferences(word, variables));
    const inside = ['netns', 'exec', this.namespace, 'unshare', '--pid', '--fork', '--mount', '--mount-proc'];
    const withTmp = ['sh', '-c', 'mount -t tmpfs none /tmp && exec "$@"', 'sh', ...NET_ADMIN_ONLY, ...command];
    const child = spawn('ip', [...inside, ...withTmp], { env: { PATH: process.env['PATH'], ...variables } });
    this.#children.push(child);
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (log += bytes.toString()));
    return { now: () => stepOf(child, log), term: () => stop(child) };
  }
}

/** @returns a pod whose network goes when the test is over */
export function startLivePod(context: TestContext, namespace: string): LivePod {
  const pod = new LivePod(namespace);
  context.after(() => pod.close());
  return pod;
}

function stepOf(child: ChildProcess, log: string): KubeletStep {
  if (child.exitCode === null && child.signalCode === null) return { log };
  const exit = child.exitCode ?? 137;
  return exit === 0 ? { exit } : { exit, message: log.slice(-MAX_MESSAGE_LENGTH) };
}

/** An exec into the container. */
function stop(child: ChildProcess): void {
  const pid = firstPid(child);
  if (pid !== null)
    run('nsenter', ['--target', String(pid), '--pid', '--mount', ...NET_ADMIN_ONLY, 'sh', '-c', STOP_SCRIPT]);
}

/** Pid, as seen from here, of the first process of a container; null when it has none any more. */
function firstPid({ pid, exitCode, signalCode }: ChildProcess): number | null {
  if (pid === undefined || exitCode !== null || signalCode !== null) return null;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? null : Number(children.split(' ')[0]);
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' });
}
