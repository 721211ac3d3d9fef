import { separateRackFaults } from '../../src/core/detect/rack-wide.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import { FastRandom } from './fast-random.ts';
import { EPOCH_SECONDS, SAMPLE_RATE_HZ, SimulatedServer, usualDisturbances, WINDOW_SLOTS } from './simulated-server.ts';

const SERVERS = 16;
const SHIFT_SECONDS = 0.005;
const HEALTHY_SLOTS = 90 * SAMPLE_RATE_HZ;
const BROKEN_SLOTS = 10 * SAMPLE_RATE_HZ;

export interface RackScore {
  readonly runs: number;
  readonly medianSeconds: number | null;
  readonly p95Seconds: number | null;
  /** Share of runs that ended with one fault on the rack and none on a server. */
  readonly namedRight: number;
}

/** Half of a rack's servers become 5 ms slower at once: one fault of the rack, within a second. */
export function scoreRack(runs: number, firstSeed: number): RackScore {
  const times: number[] = [];
  let right = 0;
  for (let run = 0; run < runs; run++) {
    const { detectedSeconds, isRight } = runRack(firstSeed + run);
    if (detectedSeconds !== null) times.push(detectedSeconds);
    if (isRight) right++;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(share * runs) - 1] ?? null;
  return { runs, medianSeconds: at(0.5), p95Seconds: at(0.95), namedRight: right / runs };
}

function runRack(seed: number): { detectedSeconds: number | null; isRight: boolean } {
  const analyzer = new WindowAnalyzer(WINDOW_SLOTS);
  const random = new FastRandom(seed);
  const onset = HEALTHY_SLOTS + Math.floor(20 * random.uniform());
  const servers = Array.from({ length: SERVERS }, (_, serverId) => {
    const network = serverId % 2 === 0 ? (slot: number) => (slot >= onset ? SHIFT_SECONDS : 0) : undefined;
    const toneHz = 1 + 0.05 * serverId;
    return new SimulatedServer({
      seed: 1000 * seed + serverId,
      toneHz,
      network,
      disturbances: usualDisturbances(random),
    });
  });
  let detectedSeconds: number | null = null;
  let isRight = false;
  let changes = 0;
  for (let slot = 0; slot < onset + BROKEN_SLOTS; slot++) {
    for (const server of servers) server.step();
    const nowSeconds = EPOCH_SECONDS + (slot + 1) / SAMPLE_RATE_HZ;
    const seen = servers.reduce((sum, { stream }) => sum + stream.faults.changes, 0);
    if (seen === changes && slot % SAMPLE_RATE_HZ !== 0) continue;
    changes = seen;
    const verdicts = servers.map(({ stream }, serverId) => {
      return { ...analyzer.judge(stream, nowSeconds).verdict, server_id: serverId };
    });
    const { faults, verdicts: separated } = separateRackFaults(verdicts);
    if (faults.some(({ kind }) => kind === 'delay-shift')) detectedSeconds ??= (slot - onset + 1) / SAMPLE_RATE_HZ;
    const own = separated.flatMap((verdict) => verdict.faults.filter(({ kind }) => kind !== 'rack-wide'));
    isRight = faults.length === 1 && own.length === 0;
  }
  return { detectedSeconds, isRight };
}
