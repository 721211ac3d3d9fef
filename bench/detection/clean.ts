import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import type { DetectionOptions } from '../../src/core/detect/detection-options.ts';
import { FastRandom } from './fast-random.ts';
import { createRivals } from './rivals.ts';
import { EPOCH_SECONDS, SAMPLE_RATE_HZ, SimulatedServer, usualDisturbances, WINDOW_SLOTS } from './simulated-server.ts';

/** A stream is followed for so long, then another one begins. */
const DAY_SLOTS = 86_400 * SAMPLE_RATE_HZ;

/** A fault that was told of a link on which there was none. */
export interface FalseAlarm {
  readonly kind: string;
  readonly seed: number;
  /** Seconds since the stream began. */
  readonly atSeconds: number;
}

export interface CleanOptions {
  readonly seed: number;
  readonly days: number;
  readonly lossRatio?: number;
  readonly detection?: DetectionOptions | undefined;
  /** Lets the other detectors hear the same arrivals; three times as slow. */
  readonly withRivals?: boolean;
}

export interface CleanResult {
  readonly alarms: readonly FalseAlarm[];
  /** Alarms of the detectors NetWatch is compared with, by name. */
  readonly rivals: Readonly<Record<string, number>>;
}

/** A healthy stream, with all that healthy streams have to bear: what is told of it is false. */
export function runClean(options: CleanOptions): CleanResult {
  const { seed, days, lossRatio, detection } = options;
  const random = new FastRandom(104_729 * seed + 71);
  const toneHz = 1 + 7 * random.uniform();
  const rivals = options.withRivals ? createRivals(toneHz) : [];
  const onArrival = options.withRivals
    ? (slot: number, sample: { im: number }, at: number) => {
        for (const rival of rivals) rival.hear(slot, sample.im, at);
      }
    : undefined;
  const disturbances = usualDisturbances(random, lossRatio);
  const server = new SimulatedServer({ seed, toneHz, disturbances, detection, onArrival });
  const analyzer = new WindowAnalyzer(WINDOW_SLOTS);
  const alarms: FalseAlarm[] = [];
  let standing: readonly string[] = [];
  let changes = 0;
  const look = (nowSeconds: number): void => {
    const kinds = analyzer.faults(server.stream, nowSeconds).map((fault) => fault.kind);
    for (const kind of kinds) {
      if (!standing.includes(kind)) alarms.push({ kind, seed, atSeconds: nowSeconds - EPOCH_SECONDS });
    }
    standing = kinds;
  };
  const afterEach = (receivedSeconds: number): void => {
    if (server.stream.faults.changes === changes) return;
    changes = server.stream.faults.changes;
    look(receivedSeconds);
  };
  for (const end = Math.round(days * DAY_SLOTS); server.slot < end;) {
    server.step(afterEach);
    const nowSeconds = EPOCH_SECONDS + server.slot / SAMPLE_RATE_HZ;
    if (server.slot % SAMPLE_RATE_HZ === 0) look(nowSeconds);
    for (const rival of rivals) rival.pass(nowSeconds);
  }
  return { alarms, rivals: Object.fromEntries(rivals.map((rival) => [rival.name, rival.alarms])) };
}
