import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { startModule } from './child.ts';
import { numberIn } from './json.ts';
import { memoryBytes } from './proc.ts';
import { startRackProcess } from './rack-process.ts';

/** 8 KiB for the stream, and up to 16 for what detection and the last minute of arrivals take. */
const TARGET_BYTES = (8 + 16) * 1024;
const LOAD = { servers: 1000, sampleRateHz: 20, frequencyPlanText: 'band:1-8', isAnnounced: true };
/** Of load: more than one window of every server. */
const LOAD_SECONDS = 20;
const SETTLE_MS = 1000;

/** What a rack holds for each server, and by how much a rack process grows for each. */
export const benchMemory: Bench = async (context) => {
  context.progress(`hearing ${LOAD.servers} servers for five minutes of their time`);
  await using streams = startModule('stream-memory.ts', ['--expose-gc']);
  const held = await streams.message();
  const [heap, buffers] = [numberIn(held, 'heap'), numberIn(held, 'buffers')];
  context.progress(`growing a rack from 0 to ${LOAD.servers} servers`);
  const grown = await growth(context.seconds ?? LOAD_SECONDS);
  return {
    rows: [
      { what: 'server stream, held', value: heap + buffers, unit: 'bytes', target: TARGET_BYTES, baseline: null },
      {
        what: 'rack process, growth per server',
        value: (grown.after - grown.before) / LOAD.servers,
        unit: 'bytes',
        target: null,
        baseline: {
          what: 'what a stream holds',
          ratio: (grown.after - grown.before) / LOAD.servers / (heap + buffers),
        },
      },
    ],
    notes: [
      `held: ${Math.round(heap)} bytes of heap, ${Math.round(buffers)} of buffers, after garbage collection`,
      `the process (RSS) went from ${mebibytes(grown.before)} to ${mebibytes(grown.after)} with ${LOAD.servers} servers at ${LOAD.sampleRateHz}/s; compiled code and garbage not yet collected are in it`,
    ],
  };
};

async function growth(seconds: number): Promise<{ before: number; after: number }> {
  await using rack = await startRackProcess(LOAD);
  await using sender = startModule('load.ts');
  await sleep(SETTLE_MS);
  const before = memoryBytes(rack.pid).resident;
  sender.send({ ...LOAD, port: rack.udpPort, seconds });
  await sender.message();
  return { before, after: memoryBytes(rack.pid).resident };
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
