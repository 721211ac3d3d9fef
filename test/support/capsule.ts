import { FastRandom } from '../../bench/detection/fast-random.ts';
import {
  EPOCH_SECONDS,
  SAMPLE_RATE_HZ,
  SimulatedServer,
  usualDisturbances,
  WINDOW_SLOTS,
} from '../../bench/detection/simulated-server.ts';
import type { Incident } from '../../src/wire/api/incident.ts';
import { encodeIncident } from '../../src/wire/incident-line.ts';

/** When the fault of a capsule begins, seconds after its first sample. */
export const HEALTHY_SECONDS = 60;
export const ONSET_SECONDS: number = EPOCH_SECONDS + HEALTHY_SECONDS;

const TONE_HZ = 3.25;

export interface CapsuleOptions {
  readonly seed: number;
  readonly kind: Incident['kind'];
  /** When the rack found it, seconds after the onset. */
  readonly detectedSeconds: number;
  readonly brokenSeconds?: number;
  /** What is done to the server's samples while it is broken; `slot` counts from the onset. Left out: it sends none. */
  readonly network?: (slot: number, random: FastRandom) => number | null;
  readonly serverId?: number;
}

/** A capsule as a rack would have made it of server 5 of rack 2, simulated. */
export interface Capsule {
  readonly head: Incident;
  readonly headLine: string;
  /** A line for each sample, in the order of arrival. */
  readonly sampleLines: readonly string[];
  /** All of it. */
  readonly text: string;
}

/** A minute of health, a fault of 40 seconds unless told otherwise, and 20 seconds of health. */
export function simulateCapsule(options: CapsuleOptions): Capsule {
  const { seed, network, serverId = 5, brokenSeconds = 40 } = options;
  const onset = HEALTHY_SECONDS * SAMPLE_RATE_HZ;
  const end = onset + brokenSeconds * SAMPLE_RATE_HZ;
  const sampleLines: string[] = [];
  const server = new SimulatedServer({
    seed,
    toneHz: TONE_HZ,
    disturbances: usualDisturbances(new FastRandom(seed + 1)),
    network: (slot, random) => (network && slot >= onset && slot < end ? network(slot - onset, random) : 0),
    onArrival: (_, sample, receivedSeconds) => {
      const { sequence, sentSeconds, im, re, bootId } = sample;
      const ids = { rack_id: 2, server_id: serverId, seq: sequence, boot_id: bootId };
      const line = { ...ids, sent_ts: sentSeconds, recv_ts: receivedSeconds, wave_sample: im, quadrature_sample: re };
      sampleLines.push(JSON.stringify(line));
    },
  });
  for (let slot = 0; slot < end + 20 * SAMPLE_RATE_HZ; slot++) {
    if (network === undefined && slot >= onset && slot < end) server.skip();
    else server.step();
  }
  const head = headOf(options, serverId);
  const headLine = encodeIncident(head);
  return { head, headLine, sampleLines, text: `${[headLine, ...sampleLines].join('\n')}\n` };
}

function headOf({ kind, detectedSeconds }: CapsuleOptions, serverId: number): Incident {
  return {
    type: 'incident',
    incident_id: `20270115T080100Z-2-${serverId}-${kind}`,
    rack_id: 2,
    server_id: serverId,
    name: 'db-17',
    kind,
    severity: 'warning',
    since: ONSET_SECONDS,
    detected: ONSET_SECONDS + detectedSeconds,
    expected_frequency_hz: TONE_HZ,
    sample_rate_hz: SAMPLE_RATE_HZ,
    window_slots: WINDOW_SLOTS,
    version: '0.1.0',
  };
}

/** A capsule of a link that loses one sample in five, found after two seconds. */
export function lossyCapsule(serverId = 5): Capsule {
  const network = (_: number, random: FastRandom) => (random.uniform() < 0.2 ? null : 0);
  return simulateCapsule({ seed: 3, kind: 'loss', detectedSeconds: 2, network, serverId });
}

/** A capsule of a server that stalls for 0.3 s every 5 s, by 20 ms. */
export function stallingCapsule(): Capsule {
  const network = (slot: number) => (slot % (5 * SAMPLE_RATE_HZ) < 6 ? 0.02 : 0);
  return simulateCapsule({ seed: 3, kind: 'periodic-delay', detectedSeconds: 21, network });
}
