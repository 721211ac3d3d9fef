import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchResult } from './bench.ts';
import { startModule, type Child } from './child.ts';
import { numberIn } from './json.ts';
import type { LoadRequest } from './load.ts';
import { cpuSeconds } from './proc.ts';
import { startRackProcess, type RackProcess } from './rack-process.ts';
import { median, rangeText, sum } from './statistics.ts';

const LOAD = { servers: 1000, sampleRateHz: 100, frequencyPlanText: 'band:1-40', isAnnounced: false };
const ROUNDS = 6;
const ROUND_SECONDS = 4;
const TARGET_RATIO = 1.4;
/** Enough for the last datagrams to be taken, and for a scrape to be over and done with. */
const SETTLE_MS = 250;

interface Round {
  readonly cpuSeconds: number;
  /** The part of the thread that analyses, in a rack. */
  readonly mainSeconds: number;
  readonly received: number;
  readonly sent: number;
  readonly seconds: number;
}

interface Receiver {
  readonly pid: number;
  readonly port: number;
  /** Datagrams received since its start. */
  received(): Promise<number>;
}

/**
 * CPU time of a whole rack process for each datagram it received, against that of a process that only counts them. Both
 * get the same load from the same sender, in turn, so that a machine that becomes slower does so for both.
 */
export const benchDatagram: Bench = async (context) => {
  await using sinkProcess = startModule('sink.ts');
  const sink = await sinkReceiver(sinkProcess);
  await using rackProcess = await startRackProcess(LOAD);
  const errors: number[] = [];
  const rack = rackReceiver(rackProcess, errors);
  await using sender = startModule('load.ts');
  const seconds = context.seconds ?? ROUND_SECONDS;
  const rounds: { sink: Round; rack: Round }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    context.progress(round === 0 ? 'warming up' : `round ${round} of ${ROUNDS}`);
    // oxlint-disable no-await-in-loop -- one after the other is the point
    const ofSink = await runRound(sink, sender, seconds);
    const ofRack = await runRound(rack, sender, seconds);
    // oxlint-enable no-await-in-loop
    if (round > 0) rounds.push({ sink: ofSink, rack: ofRack });
  }
  return describe(rounds, median(errors));
};

async function sinkReceiver(child: Child): Promise<Receiver> {
  return {
    pid: child.pid,
    port: numberIn(await child.message(), 'port'),
    async received() {
      child.send({});
      return numberIn(await child.message(), 'count');
    },
  };
}

function rackReceiver(rack: RackProcess, errors: number[]): Receiver {
  return {
    pid: rack.pid,
    port: rack.udpPort,
    async received() {
      const scrape = await rack.scrape();
      const error = scrape.mean('netwatch_server_spectral_error');
      if (!Number.isNaN(error)) errors.push(error);
      return scrape.total('netwatch_packets_received_total');
    },
  };
}

/** The servers of a round are started anew, so that the pause before it is no loss. */
async function runRound(receiver: Receiver, sender: Child, seconds: number): Promise<Round> {
  const receivedBefore = await receiver.received();
  await sleep(SETTLE_MS);
  const before = cpuSeconds(receiver.pid);
  const request: LoadRequest = { ...LOAD, port: receiver.port, seconds };
  sender.send(request);
  const done = await sender.message();
  await sleep(SETTLE_MS);
  const after = cpuSeconds(receiver.pid);
  const main = 'MainThread';
  return {
    cpuSeconds: after.total - before.total,
    mainSeconds: (after.byThread.get(main) ?? 0) - (before.byThread.get(main) ?? 0),
    received: (await receiver.received()) - receivedBefore,
    sent: numberIn(done, 'sent'),
    seconds: numberIn(done, 'seconds'),
  };
}

function describe(rounds: readonly { sink: Round; rack: Round }[], error: number): BenchResult {
  const [sinks, racks] = [rounds.map(({ sink }) => sink), rounds.map(({ rack }) => rack)];
  const ratios = rounds.map(({ sink, rack }) => perDatagram(rack) / perDatagram(sink));
  const figure = (all: readonly Round[]): number => median(all.map(perDatagram));
  return {
    rows: [
      { what: 'bare sink, CPU per datagram', value: figure(sinks), unit: 'µs', target: null, baseline: null },
      { what: 'whole rack, CPU per datagram', value: figure(racks), unit: 'µs', target: null, baseline: null },
      { what: 'whole rack ÷ bare sink', value: median(ratios), unit: '×', target: TARGET_RATIO, baseline: null },
    ],
    notes: [
      `${LOAD.servers} servers × ${LOAD.sampleRateHz}/s; ${loadText('sink', sinks)}; ${loadText('rack', racks)}`,
      `${rounds.length} pairs of rounds, sink ${rangeText(sinks.map(perDatagram), 2)} µs, rack ${rangeText(racks.map(perDatagram), 2)} µs, ratio ${rangeText(ratios, 2)}`,
      `of the rack's time its main thread (analysis, reports) had ${percent(sum(racks.map((r) => r.mainSeconds)), sum(racks.map((r) => r.cpuSeconds)))}; mean spectral error heard ${error.toFixed(4)}`,
    ],
  };
}

function perDatagram({ cpuSeconds: seconds, received }: Round): number {
  return (seconds * 1e6) / received;
}

function loadText(name: string, rounds: readonly Round[]): string {
  const [sent, received] = [sum(rounds.map((r) => r.sent)), sum(rounds.map((r) => r.received))];
  const rate = sent / sum(rounds.map((r) => r.seconds));
  return `${name}: ${Math.round(rate)} datagrams/s sent, ${percent(sent - received, sent)} lost`;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`;
}
