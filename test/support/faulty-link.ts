import { FastRandom } from '../../bench/detection/fast-random.ts';
import {
  EPOCH_SECONDS,
  SAMPLE_RATE_HZ,
  type ServerOptions,
  SimulatedServer,
  usualDisturbances,
  WINDOW_SLOTS,
} from '../../bench/detection/simulated-server.ts';
import type { Fault } from '../../src/core/verdict.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';

/** A link that is broken for a while, between two healthy times. */
export interface FaultyLink {
  readonly seed: number;
  readonly healthySeconds: number;
  readonly brokenSeconds: number;
  readonly healedSeconds: number;
  /** What is done to it; `slot` counts from the onset. */
  readonly network?: (slot: number, random: FastRandom) => number | null;
  readonly others?: (onset: number, end: number) => Partial<ServerOptions>;
  /** True when the server sends nothing while it is broken. */
  readonly isDead?: boolean;
  readonly lossRatio?: number;
}

/** What stood at each second after the onset; `onsetSeconds` on the receiver's clock. */
export interface Told {
  readonly onsetSeconds: number;
  /** By second since the onset, from 0 to the end of the healed time. */
  readonly faults: readonly (readonly Fault[])[];
  /** What stood in the healthy time before. */
  readonly before: ReadonlySet<string>;
}

/** Lets a stream hear the link with all that healthy links have to bear, and judges it every second. */
export function tellFaults(link: FaultyLink): Told {
  const onset = link.healthySeconds * SAMPLE_RATE_HZ;
  const end = onset + link.brokenSeconds * SAMPLE_RATE_HZ;
  const { network } = link;
  const server = new SimulatedServer({
    seed: link.seed,
    toneHz: 1.35,
    disturbances: usualDisturbances(new FastRandom(link.seed + 1), link.lossRatio),
    network: network && ((slot, random) => (slot >= onset && slot < end ? network(slot - onset, random) : 0)),
    ...link.others?.(onset, end),
  });
  const analyzer = new WindowAnalyzer(WINDOW_SLOTS);
  const before = new Set<string>();
  const faults: (readonly Fault[])[] = [];
  for (let slot = 0; slot < end + link.healedSeconds * SAMPLE_RATE_HZ; slot++) {
    if (link.isDead && slot >= onset && slot < end) server.skip();
    else server.step();
    if ((slot + 1) % SAMPLE_RATE_HZ !== 0) continue;
    const told = analyzer.faults(server.stream, EPOCH_SECONDS + (slot + 1) / SAMPLE_RATE_HZ);
    if (slot < onset) for (const { kind } of told) before.add(kind);
    else faults.push(told);
  }
  return { onsetSeconds: EPOCH_SECONDS + onset / SAMPLE_RATE_HZ, faults, before };
}

export function kindsAt({ faults }: Told, second: number): string {
  return (faults[second] ?? []).map(({ kind }) => kind).join('+');
}
