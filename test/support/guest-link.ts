import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { holderScript, sweepScript } from '../../src/chaos/holder/holder-script.ts';
import type { HolderOptions } from '../../src/chaos/holder/traffic-control.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { RunningHolder } from './running-holder.ts';

const NAMESPACE = 'server';
const SERVER = '10.77.0.2';
const ECHO_PORT = 5000;
export const SPARED_PORT = 9990;
/** An echo is lost when it is not there after this time, longer than every delay that is injected. */
const ECHO_DEADLINE_MS = 5_000;

/** Answers each datagram with itself, on two ports. */
const ECHO = `
const { createSocket } = require('node:dgram');
for (const port of [${ECHO_PORT}, ${SPARED_PORT}]) {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, { port, address }) => socket.send(bytes, port, address));
  socket.bind(port, () => process.stdout.write('x'));
}`;

/** Runs a command, and gives what it wrote. @throws Error when it fails */
export function run(command: string): string {
  const [program = '', ...args] = command.split(' ');
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A server with an echo in a network namespace of its own, and this process at the other end of its cable `eth0`. */
export class GuestLink {
  readonly #children: ChildProcess[] = [];

  private constructor() {}

  /** Until the test is over. */
  static async start(context: TestContext): Promise<GuestLink> {
    const link = new GuestLink();
    context.after(() => link.#close());
    run(`ip netns add ${NAMESPACE}`);
    run(`ip link add rack0 type veth peer name eth0 netns ${NAMESPACE}`);
    run('ip addr add 10.77.0.1/24 dev rack0');
    run('ip link set rack0 up');
    link.inside(`ip addr add ${SERVER}/24 dev eth0`);
    for (const device of ['lo', 'eth0']) link.inside(`ip link set ${device} up`);
    const echo = spawn('ip', ['netns', 'exec', NAMESPACE, process.execPath, '-e', ECHO], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    link.#children.push(echo);
    let bound = 0;
    while (bound < 2) {
      // oxlint-disable-next-line no-await-in-loop -- one port after the other
      const [text] = (await once(echo.stdout, 'data')) as [Buffer];
      bound += text.length;
    }
    // Who has which address is known from now on: a question for it that is lost would lose many packets, not one.
    if ((await link.echoes(1)).includes(null)) throw new Error('the server does not answer over a whole cable');
    return link;
  }

  /** Runs a command in the server's namespace. */
  inside(command: string): string {
    return run(`ip netns exec ${NAMESPACE} ${command}`);
  }

  /** Every qdisc, filter and device of the server, to compare. */
  state(): string {
    const devices = this.inside('ip -o link show').replaceAll(/ state \w+| qdisc \w+|NO-CARRIER,|,LOWER_UP/g, '');
    return `${this.inside('tc qdisc show')}${this.inside('tc filter show dev eth0 parent ffff:')}${devices}`;
  }

  hold(injection: Injection, options: Partial<HolderOptions> = {}, shell: readonly string[] = ['sh']): RunningHolder {
    return this.#holder(
      holderScript({ injection, server: { rackId: 0, serverId: 3 }, devices: null, ...options }),
      shell,
    );
  }

  sweep(): RunningHolder {
    return this.#holder(sweepScript({ devices: null }), ['sh']);
  }

  /** Round trip times of so many datagrams in milliseconds, in the order in which they were sent; null: lost. */
  async echoes(count: number, options: { port?: number; gapMs?: number; onSent?: () => Promise<void> } = {}) {
    const { port = ECHO_PORT, gapMs = 5, onSent } = options;
    const socket = createSocket('udp4');
    const sentMs: number[] = [];
    const tripsMs = Array.from({ length: count }, (): number | null => null);
    socket.on('message', (bytes) => {
      const index = bytes.readUInt32BE();
      tripsMs[index] ??= performance.now() - (sentMs[index] ?? 0);
    });
    socket.bind();
    await once(socket, 'listening');
    for (let index = 0; index < count; index++) {
      const bytes = Buffer.alloc(100);
      bytes.writeUInt32BE(index);
      sentMs.push(performance.now());
      socket.send(bytes, port, SERVER);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await pause(gapMs);
    }
    await onSent?.();
    const endMs = performance.now() + ECHO_DEADLINE_MS;
    // oxlint-disable-next-line no-await-in-loop -- until every echo is there or late
    while (tripsMs.includes(null) && performance.now() < endMs) await pause(10);
    socket.close();
    await once(socket, 'close');
    return tripsMs;
  }

  #holder(script: string, shell: readonly string[]): RunningHolder {
    const holder = new RunningHolder(['ip', 'netns', 'exec', NAMESPACE, ...shell, '-c'], script);
    this.#children.push(holder.child);
    return holder;
  }

  /** A namespace goes some time after its last process; its cable would be in the way of the next one's. */
  async #close(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    if (run('ip link show').includes('rack0@')) run('ip link del rack0');
    run(`ip netns del ${NAMESPACE}`);
  }
}
