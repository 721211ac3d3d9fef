import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWallClock } from '../src/io/clock.ts';
import type { StreamFrame } from '../src/wire/api/frame.ts';
import { encodeFrame } from '../src/wire/frame-line.ts';
import { parseExposition } from '../test/support/exposition.ts';
import { reportOf, serversOf } from '../test/support/datacenter-reports.ts';
import type { Bench } from './bench.ts';
import { startModule, startRole, type Child } from './child.ts';
import { numberIn } from './json.ts';
import { memoryBytes } from './proc.ts';
import { median, rangeText } from './statistics.ts';

const CLIENTS = 200;
const SERVERS = 16;
const SLOTS = 1024;
const FRAMES_PER_SECOND = 32;
const PAIRS = 3;
const SECONDS = 6;
const DROP_DEADLINE_MS = 25_000;

/** What the process of the clients is told; it answers each when it is done. */
export type SocketClientsRequest =
  | { readonly kind: 'connect'; readonly port: number; readonly clients: number; readonly servers: number }
  | { readonly kind: 'deaf'; readonly isThere: boolean }
  | { readonly kind: 'measure'; readonly seconds: number };

interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly frames: number;
  readonly memory: number;
}

/** How old frames are when clients get them, while one of the clients reads nothing and while none is like that. */
export const benchSocketClients: Bench = async (context) => {
  const any = ['--metrics-port', '0', '--tcp-listen-port', '0', '--api-port', '0', '--log-level', 'info'];
  await using datacenter = await startRole(['datacenter', ...any]);
  await using clients = startModule('socket-clients.ts');
  await using rack = await startFrames(datacenter.port('reportPort'));
  const apiPort = datacenter.port('apiPort');
  const readers = CLIENTS - 1;
  await ask(clients, { kind: 'connect', port: apiPort, clients: readers, servers: SERVERS });
  const seconds = context.seconds ?? SECONDS;
  const measure = async (): Promise<Measured> => {
    const said = await ask(clients, { kind: 'measure', seconds });
    const memory = memoryBytes(datacenter.pid).resident;
    return {
      p50: numberIn(said, 'p50Seconds'),
      p99: numberIn(said, 'p99Seconds'),
      frames: numberIn(said, 'frames'),
      memory,
    };
  };
  await ask(clients, { kind: 'measure', seconds: 3 });
  const [without, withDeaf]: [Measured[], Measured[]] = [[], []];
  const dropped = (): Promise<number> => droppedOf(datacenter.port('metricsPort'));
  for (let pair = 1; pair <= PAIRS; pair++) {
    context.progress(`pair ${pair} of ${PAIRS}`);
    // oxlint-disable no-await-in-loop -- the two are measured in turn
    without.push(await measure());
    const before = await dropped();
    await ask(clients, { kind: 'deaf', isThere: true });
    const endMs = performance.now() + DROP_DEADLINE_MS;
    while ((await dropped()) === before && performance.now() < endMs) await sleep(250);
    if ((await dropped()) === before) throw new Error('the client that reads nothing lost nothing');
    withDeaf.push(await measure());
    await ask(clients, { kind: 'deaf', isThere: false });
    // oxlint-enable no-await-in-loop
  }
  const total = await dropped();
  return { rows: rowsOf(without, withDeaf), notes: notesOf({ without, withDeaf, seconds, total, sent: rack.sent() }) };
};

function rowsOf(without: readonly Measured[], withDeaf: readonly Measured[]) {
  const mid = (all: readonly Measured[], key: 'p50' | 'p99' | 'memory'): number => median(all.map((one) => one[key]));
  const delay = (key: 'p50' | 'p99') => [
    { what: `frame delay ${key}, all read`, value: mid(without, key) * 1000, unit: 'ms', target: null, baseline: null },
    {
      what: `frame delay ${key}, one never reads`,
      value: mid(withDeaf, key) * 1000,
      unit: 'ms',
      target: null,
      baseline: { what: 'all read', ratio: mid(withDeaf, key) / mid(without, key) },
    },
  ];
  const memory = mid(withDeaf, 'memory');
  const ratio = memory / mid(without, 'memory');
  return [
    ...delay('p50'),
    ...delay('p99'),
    {
      what: 'datacenter, memory (RSS), one never reads',
      value: memory / 2 ** 20,
      unit: 'MiB',
      target: null,
      baseline: { what: 'all read', ratio },
    },
  ];
}

function notesOf(run: { without: Measured[]; withDeaf: Measured[]; seconds: number; total: number; sent: number }) {
  const { without, withDeaf, seconds, total, sent } = run;
  const range = (all: readonly Measured[]): string =>
    rangeText(
      all.map(({ p99 }) => p99 * 1000),
      1,
    );
  const frames = median([...without, ...withDeaf].map((one) => one.frames)) / seconds;
  return [
    `${CLIENTS} clients of ${SERVERS} servers, ${SLOTS} slots a frame, ${FRAMES_PER_SECOND} frames a second; ${Math.round(frames)} frames a second delivered`,
    `${PAIRS} pairs of rounds of ${seconds} s; p99 ${range(without)} ms when all read, ${range(withDeaf)} ms when one does not`,
    `the one that never reads was left out of ${total} messages; ${sent} frames were sent in all`,
  ];
}

async function ask(child: Child, request: SocketClientsRequest): Promise<unknown> {
  const answer = child.message();
  child.send(request);
  return answer;
}

async function droppedOf(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return parseExposition(text).sum('netwatch_socket_messages_dropped_total');
}

/** Stands where a rack stands: reports each second, and sends frames of its servers in turn. */
async function startFrames(port: number) {
  const clock = createWallClock();
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  socket.resume();
  let sequence = 0;
  let sent = 0;
  const report = (): void => {
    sequence++;
    const servers = serversOf(0, SERVERS, { spectral_error: (sequence % 10) / 100 });
    socket.write(`${JSON.stringify(reportOf(0, { sequence, servers, timestamp: clock.nowSeconds() }))}\n`);
  };
  report();
  const timers = [
    setInterval(report, 1000),
    setInterval(() => {
      socket.write(`${encodeFrame(frameOf(sent % SERVERS, clock.nowSeconds()))}\n`);
      sent++;
    }, 1000 / FRAMES_PER_SECOND),
  ];
  return {
    sent: () => sent,
    [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer);
      socket.destroy();
      return Promise.resolve();
    },
  };
}

function frameOf(server_id: number, timestamp: number): StreamFrame {
  const list = (scale: number): number[] =>
    Array.from({ length: SLOTS }, () => Math.round(Math.random() * scale) / 1000);
  return {
    type: 'frame',
    rack_id: 0,
    server_id,
    timestamp,
    spectrum: {
      window_slots: SLOTS,
      sample_rate_hz: 20,
      expected_frequency_hz: 2,
      first_frequency_hz: -8,
      bin_width_hz: 20 / SLOTS,
      power_db: list(-90_000),
    },
    window: {
      first_slot: 0,
      sample_rate_hz: 20,
      newest_sent: timestamp,
      slots: 'r'.repeat(SLOTS),
      lateness_seconds: list(1),
      in_phase: list(1000),
      quadrature: list(1000),
    },
  };
}
