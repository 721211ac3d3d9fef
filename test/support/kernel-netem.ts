import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Impairment } from '../../src/netem/impairment.ts';
import { qdiscArguments } from '../../src/netem/netem-arguments.ts';
import { type PacketTrace, quantile } from './packet-trace.ts';
import { waitUntil } from './wait-until.ts';

const PROGRAM = fileURLToPath(new URL('numbered-udp.ts', import.meta.url));
const [SENDER, RECEIVER] = ['nwsend', 'nwreceive'];
const WAYS = ['impaired', 'clean'] as const;
const ADDRESS = { impaired: '10.79.0', clean: '10.79.1' };
const HARDWARE_ADDRESS = { impaired: '02:00:4e:57:00', clean: '02:00:4e:57:01' };
/** A tenth of the packets of the clean way may come later than this; more, and the machine was too busy to measure. */
const MOST_NOISE_SECONDS = 0.02;
const ATTEMPTS = 12;
/** Also of links that come later; a kernel without it has no such files. */
const NO_IPV6 = 'for file in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e "$file" ] || echo 1 >"$file"; done';

/**
 * Two network namespaces with two ways between them, one for netem and one that shows what else delays packets. Nobody
 * asks for an address or a router on them, because netem counts every packet, also those that no test sent.
 */
export function createWays(): void {
  for (const name of [SENDER, RECEIVER]) {
    run('ip', 'netns', 'add', name);
    run('ip', 'netns', 'exec', name, 'sh', '-c', NO_IPV6);
  }
  for (const way of WAYS) {
    run('ip', 'link', 'add', way, 'netns', SENDER, 'type', 'veth', 'peer', 'name', way, 'netns', RECEIVER);
    for (const [at, name] of [SENDER, RECEIVER].entries()) {
      const [own, other] = [at + 1, 2 - at];
      run('ip', '-n', name, 'link', 'set', way, 'address', `${HARDWARE_ADDRESS[way]}:0${own}`, 'up');
      run('ip', '-n', name, 'address', 'add', `${ADDRESS[way]}.${own}/24`, 'dev', way);
      const neighbour = [`${ADDRESS[way]}.${other}`, 'lladdr', `${HARDWARE_ADDRESS[way]}:0${other}`];
      run('ip', '-n', name, 'neighbour', 'replace', ...neighbour, 'dev', way, 'nud', 'permanent');
    }
  }
  run('sysctl', '-qw', 'net.core.rmem_max=8388608');
}

export function removeWays(): void {
  for (const name of [SENDER, RECEIVER]) run('ip', 'netns', 'delete', name);
}

/**
 * Sends numbered packets through the kernel's own netem. A measurement in which the machine held packets up where no netem
 * is says nothing of the delays of netem, and is made again.
 * @param options.isTimed whether the delays matter, and not only which packets came
 */
export async function throughKernel(
  impairment: Impairment,
  options: { readonly packets: number; readonly perSecond: number; readonly isTimed: boolean },
): Promise<PacketTrace> {
  const noise: number[] = [];
  while (noise.length < ATTEMPTS) {
    // oxlint-disable-next-line no-await-in-loop -- one measurement after the other
    const { impaired, clean } = await measure(impairment, options);
    if (!options.isTimed) return impaired;
    const delays = clean.arrivals.flatMap(([first = Infinity], number) => first - (clean.sentSeconds[number] ?? 0));
    noise.push(quantile(delays, 0.9));
    if ((noise.at(-1) ?? Infinity) <= MOST_NOISE_SECONDS) return impaired;
  }
  throw new Error(`the machine is too busy to measure: a clean way took ${noise.map((s) => `${s} s`).join(', ')}`);
}

async function measure(impairment: Impairment, { packets, perSecond }: { packets: number; perSecond: number }) {
  const add = ['qdisc', 'add', 'dev', 'impaired', 'root', 'handle', '4e57:', ...qdiscArguments(impairment, null)];
  run('tc', '-n', SENDER, ...add);
  const receiver = start(RECEIVER, ['receive']);
  try {
    const ports = await receiver.line(/^ports (\d+) (\d+)$/);
    const places = WAYS.flatMap((way, n) => [`${ADDRESS[way]}.2`, ports[n + 1] ?? '']);
    const sender = start(SENDER, ['send', ...places, String(packets), String(perSecond)]);
    await sender.line(new RegExp(`^sent ${packets - 1} `));
    await waitUntil('netem has let everything go', () => backlog() === 0);
    run('tc', '-n', SENDER, 'qdisc', 'delete', 'dev', 'impaired', 'root');
    sender.tell('end\n');
    await receiver.ended;
    const garbled = receiver.lines.filter((line) => line.startsWith('garbled '));
    assert.deepEqual(garbled, [], 'a kernel hands on what is whole');
    return {
      impaired: traceOf('impaired', sender.lines, receiver.lines),
      clean: traceOf('clean', sender.lines, receiver.lines),
    };
  } finally {
    receiver.kill();
  }
}

function traceOf(way: (typeof WAYS)[number], sent: readonly string[], heard: readonly string[]): PacketTrace {
  const sentSeconds = sent.map((line) => secondsOf(line));
  const arrivals: number[][] = sentSeconds.map(() => []);
  for (const line of heard.filter((one) => one.startsWith(`${way} `))) {
    arrivals[Number(line.split(' ')[1])]?.push(secondsOf(line));
  }
  return { sentSeconds, arrivals };
}

function secondsOf(line: string): number {
  return Number(BigInt(line.split(' ')[2] ?? '')) / 1e9;
}

function backlog(): number {
  const text = run('tc', '-n', SENDER, '-s', 'qdisc', 'show', 'dev', 'impaired');
  const packets = /backlog \S+ (\d+)p/.exec(text)?.[1];
  assert.ok(packets !== undefined, text);
  return Number(packets);
}

function start(namespace: string, args: readonly string[]) {
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, PROGRAM, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = new Promise<void>((resolve) => void reader.once('close', resolve));
  return {
    lines,
    ended,
    kill: () => void child.kill(),
    tell: (text: string) => void child.stdin.write(text),
    line: (pattern: RegExp) =>
      waitUntil(`${args[0]} says ${String(pattern)}`, () => {
        const last = lines.at(-1);
        return last === undefined ? null : pattern.exec(last);
      }),
  };
}

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' });
}
