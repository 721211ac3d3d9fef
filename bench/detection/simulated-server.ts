import { Stream } from '../../src/core/stream.ts';
import type { DetectionOptions } from '../../src/core/detect/detection-options.ts';
import type { Sample } from '../../src/core/sample.ts';
import { FastRandom } from './fast-random.ts';

export const SAMPLE_RATE_HZ = 20;
export const WINDOW_SLOTS = 256;
export const EPOCH_SECONDS = 1_800_000_000;
const BASE_DELAY_SECONDS = 0.02;
const SENDER_NOISE_SECONDS = 0.0003;

/** A healthy link is not a perfect one. */
export interface Disturbances {
  /** Sigma of the network's own noise. 50 µs make a packet delay variation of 0.2 ms. */
  readonly noiseSeconds: number;
  /** Share of samples that the receiver's timer stamps up to half a millisecond late. */
  readonly timerShare: number;
  /** Stalls of the receiver, 20 ms each, this far apart on the average. */
  readonly stallSeconds: number;
  readonly lossRatio: number;
  readonly skewPpm: number;
  /** A slow wave of the delay: amplitude and period. */
  readonly waveSeconds: number;
  readonly wavePeriodSeconds: number;
}

const STALL_SECONDS = 0.02;
const TIMER_SECONDS = 0.0005;

export function usualDisturbances(random: FastRandom, lossRatio = 1e-4): Disturbances {
  return {
    noiseSeconds: 50e-6,
    timerShare: 0.01,
    stallSeconds: 120,
    lossRatio,
    skewPpm: 100 * (random.uniform() - 0.5),
    waveSeconds: 0.001 * random.uniform(),
    wavePeriodSeconds: 3600 * (1 + 2 * random.uniform()),
  };
}

/** What the network does to the sample of a slot: its extra delay in seconds, or null for a loss. */
export type Network = (slot: number, random: FastRandom) => number | null;

export interface ServerOptions {
  readonly seed: number;
  readonly toneHz: number;
  readonly disturbances: Disturbances;
  readonly network?: Network | undefined;
  /** Share of samples that come twice, from a slot on. */
  readonly duplicates?: ((slot: number) => number) | undefined;
  /** Change of skew: how far the sender's clock has fallen behind by a slot, seconds. */
  readonly drift?: ((slot: number) => number) | undefined;
  /** Changes what the sample carries: true replaces it by noise. */
  readonly corrupts?: ((slot: number, random: FastRandom) => boolean) | undefined;
  readonly detection?: DetectionOptions | undefined;
  /** Gets every arrival, for the detectors NetWatch is compared with. */
  readonly onArrival?: ((slot: number, sample: Sample, receivedSeconds: number) => void) | undefined;
}

interface Pending {
  slot: number;
  sentSeconds: number;
  receivedSeconds: number;
  isNoise: boolean;
}

type MutableSample = { -readonly [K in keyof Sample]: Sample[K] };

/** A server and its link, in simulated time, heard by the stream that a rack would have for it. */
export class SimulatedServer {
  readonly stream: Stream;
  /** Seconds since the start of what is to arrive next. */
  slot = 0;
  readonly #options: ServerOptions;
  readonly #random: FastRandom;
  readonly #pending: Pending[] = [];
  readonly #sample: MutableSample;
  readonly #phase: number;
  #nextStallSeconds: number;

  constructor(options: ServerOptions) {
    const { seed, toneHz, detection } = options;
    this.#options = options;
    this.#random = new FastRandom(seed);
    this.#phase = 2 * Math.PI * this.#random.uniform();
    this.#nextStallSeconds = options.disturbances.stallSeconds * this.#random.exponential();
    this.stream = new Stream({
      rackId: 0,
      serverId: 0,
      frequencyHz: toneHz,
      sampleRateHz: SAMPLE_RATE_HZ,
      windowSlots: WINDOW_SLOTS,
      isAuthenticated: false,
      ...(detection && { detection }),
    });
    this.#sample = { rackId: 0, serverId: 0, bootId: 7, sequence: 0, sentSeconds: 0, re: 0, im: 0 };
  }

  /**
   * Sends the next sample, and lets all arrive that comes before the one after it.
   * @param afterEach is called after each sample that was handed to the stream, with its receive time
   */
  step(afterEach?: (receivedSeconds: number) => void): void {
    const slot = this.slot++;
    this.#send(slot);
    const until = EPOCH_SECONDS + (slot + 1) / SAMPLE_RATE_HZ + BASE_DELAY_SECONDS / 2;
    const pending = this.#pending;
    for (let next = pending[0]; next && next.receivedSeconds <= until; next = pending[0]) {
      pending.shift();
      this.#deliver(next);
      afterEach?.(next.receivedSeconds);
    }
  }

  /** Nothing is sent in the next slot. */
  skip(): void {
    this.slot++;
  }

  #send(slot: number): void {
    const { disturbances, network, duplicates, drift, corrupts } = this.#options;
    const random = this.#random;
    const elapsed = slot / SAMPLE_RATE_HZ;
    const extra = network ? network(slot, random) : 0;
    if (extra === null || random.uniform() < disturbances.lossRatio) return;
    const sentElapsed = elapsed + SENDER_NOISE_SECONDS * random.normal();
    let delay = BASE_DELAY_SECONDS + extra + disturbances.noiseSeconds * random.normal();
    if (random.uniform() < disturbances.timerShare) delay += TIMER_SECONDS * random.uniform();
    delay += disturbances.waveSeconds * Math.sin((2 * Math.PI * elapsed) / disturbances.wavePeriodSeconds);
    const arrival = this.#stalled(sentElapsed + delay);
    const behind = (disturbances.skewPpm / 1e6) * elapsed + (drift ? drift(slot) : 0);
    const isNoise = corrupts ? corrupts(slot, random) : false;
    const sentSeconds = EPOCH_SECONDS + sentElapsed - behind;
    this.#enqueue({ slot, sentSeconds, receivedSeconds: EPOCH_SECONDS + arrival, isNoise });
    if (duplicates && random.uniform() < duplicates(slot)) {
      const copySeconds = EPOCH_SECONDS + arrival + 0.001 * random.uniform();
      this.#enqueue({ slot, sentSeconds, receivedSeconds: copySeconds, isNoise });
    }
  }

  /** What arrives while the receiver stalls is stamped when the stall is over. */
  #stalled(arrival: number): number {
    while (arrival > this.#nextStallSeconds + STALL_SECONDS) {
      this.#nextStallSeconds += STALL_SECONDS + this.#options.disturbances.stallSeconds * this.#random.exponential();
    }
    return arrival >= this.#nextStallSeconds ? this.#nextStallSeconds + STALL_SECONDS : arrival;
  }

  #enqueue(entry: Pending): void {
    const pending = this.#pending;
    let at = pending.length;
    while (at > 0 && (pending[at - 1]?.receivedSeconds ?? 0) > entry.receivedSeconds) at--;
    if (at === pending.length) pending.push(entry);
    else pending.splice(at, 0, entry);
  }

  #deliver({ slot, sentSeconds, receivedSeconds, isNoise }: Pending): void {
    const sample = this.#sample;
    const angle = 2 * Math.PI * ((this.#options.toneHz * (sentSeconds - EPOCH_SECONDS)) % 1) + this.#phase;
    sample.sequence = slot;
    sample.sentSeconds = sentSeconds;
    sample.re = isNoise ? this.#random.normal() : Math.cos(angle);
    sample.im = isNoise ? this.#random.normal() : Math.sin(angle);
    this.stream.accept(sample, receivedSeconds);
    this.#options.onArrival?.(slot, sample, receivedSeconds);
  }
}
