import { FastRandom } from '../../bench/detection/fast-random.ts';
import {
  EPOCH_SECONDS,
  type Network,
  SAMPLE_RATE_HZ,
  type ServerOptions,
  SimulatedServer,
  usualDisturbances,
} from '../../bench/detection/simulated-server.ts';
import type { Arrival } from './simulated-link.ts';

/** A link with all that healthy links have to bear, which breaks after a while. */
export interface RecordedLink {
  readonly seed?: number;
  readonly toneHz?: number;
  readonly healthySeconds: number;
  readonly brokenSeconds: number;
  readonly healedSeconds?: number;
  /** What is done to it; `slot` counts from the onset. */
  readonly network?: Network;
  /** What else is wrong between the two slots. */
  readonly others?: (onset: number, end: number) => Partial<ServerOptions>;
  /** True when the server sends nothing while it is broken. */
  readonly isDead?: boolean;
}

/** What a receiver of the link records, in the order of reception. The fault begins at `onsetSecondsOf`. */
export function recordLink(link: RecordedLink): readonly Arrival[] {
  const { seed = 3, toneHz = 1.35, healedSeconds = 0, network, isDead = false } = link;
  const onset = link.healthySeconds * SAMPLE_RATE_HZ;
  const end = onset + link.brokenSeconds * SAMPLE_RATE_HZ;
  const arrivals: Arrival[] = [];
  const server = new SimulatedServer({
    seed,
    toneHz,
    disturbances: usualDisturbances(new FastRandom(seed + 1)),
    network: network && ((slot, random) => (slot >= onset && slot < end ? network(slot - onset, random) : 0)),
    onArrival: (_, sample, receivedSeconds) => arrivals.push({ sample: { ...sample }, receivedSeconds }),
    ...link.others?.(onset, end),
  });
  while (server.slot < end + healedSeconds * SAMPLE_RATE_HZ) {
    if (isDead && server.slot >= onset && server.slot < end) server.skip();
    else server.step();
  }
  return arrivals;
}

/** Unix seconds of the receiver's clock. */
export function onsetSecondsOf({ healthySeconds }: RecordedLink): number {
  return EPOCH_SECONDS + healthySeconds;
}
