import type { Sample } from '../../src/core/sample.ts';
import { type Judgement, WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import { Stream } from '../../src/core/stream.ts';
import { type Random, seededRandom } from './random.ts';

export interface Arrival {
  readonly sample: Sample;
  readonly receivedSeconds: number;
}

export interface LinkOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Tone that is sung, Hz. */
  readonly toneHz: number;
  readonly intervalSeconds?: number;
  readonly senderNoiseSeconds?: number;
  readonly networkNoiseSeconds?: number;
  readonly skewPpm?: number;
  readonly clockOffsetSeconds?: number;
  readonly startPhase?: number;
  readonly firstSequence?: number;
  readonly bootId?: number | null;
  readonly startSeconds?: number;
  /** True for a sender of real samples whose timer drifts: each interval adds its own error. */
  readonly isReal?: boolean;
  /** Extra one-way delay of a sample sent this long after the start; null loses it. */
  readonly network?: (elapsedSeconds: number, random: Random) => number | null;
  /** Changes what is sent. */
  readonly distort?: (sample: Sample, random: Random) => Sample;
}

export const EPOCH_SECONDS = 1_800_000_000;
const BASE_DELAY_SECONDS = 0.004;

/** Arrivals of one server's samples over a simulated link, in order of reception. */
export function simulateLink(options: LinkOptions): Arrival[] {
  const random = seededRandom(options.seed);
  const interval = options.intervalSeconds ?? 0.05;
  const start = options.startSeconds ?? EPOCH_SECONDS;
  const phase = options.startPhase ?? 2 * Math.PI * random.uniform();
  const arrivals: Arrival[] = [];
  let drift = 0;
  for (let k = 0; k * interval < options.seconds; k++) {
    const noise = (options.senderNoiseSeconds ?? 0.0003) * random.normal();
    if (options.isReal) drift += Math.abs(noise);
    const sentSeconds = start + k * interval + (options.isReal ? drift : noise);
    const extra = options.network ? options.network(k * interval, random) : 0;
    const jitter = (options.networkNoiseSeconds ?? 0.0001) * random.normal();
    if (extra === null) continue;
    const angle = 2 * Math.PI * ((options.toneHz * (sentSeconds - EPOCH_SECONDS)) % 1) + phase;
    const sample: Sample = {
      rackId: 0,
      serverId: 0,
      bootId: options.bootId === undefined ? 7 : options.bootId,
      sequence: ((options.firstSequence ?? 0) + k) % 2 ** 32,
      sentSeconds,
      re: options.isReal ? null : Math.cos(angle),
      im: Math.sin(angle),
    };
    const trueArrival = sentSeconds + BASE_DELAY_SECONDS + extra + jitter;
    const receivedSeconds =
      trueArrival + (options.clockOffsetSeconds ?? 0) + ((options.skewPpm ?? 0) / 1e6) * (trueArrival - EPOCH_SECONDS);
    arrivals.push({ sample: options.distort ? options.distort(sample, random) : sample, receivedSeconds });
  }
  return arrivals.toSorted((a, b) => a.receivedSeconds - b.receivedSeconds);
}

export interface Heard {
  readonly stream: Stream;
  readonly judgements: readonly Judgement[];
}

/** Lets a stream listen to arrivals and judges it every second until `untilSeconds` after the first one. */
export function listen(arrivals: readonly Arrival[], options: { toneHz: number; untilSeconds?: number }): Heard {
  const stream = new Stream({
    rackId: 0,
    serverId: 0,
    frequencyHz: options.toneHz,
    sampleRateHz: 20,
    windowSlots: 256,
    isAuthenticated: false,
  });
  const analyzer = new WindowAnalyzer(256);
  const judgements: Judgement[] = [];
  const first = arrivals[0]?.receivedSeconds ?? 0;
  const last = first + (options.untilSeconds ?? (arrivals.at(-1)?.receivedSeconds ?? first) - first);
  let next = 0;
  for (let hop = 1; hop < last - first + 1; hop++) {
    const now = Math.min(first + hop, last);
    for (let arrival = arrivals[next]; arrival && arrival.receivedSeconds <= now; arrival = arrivals[++next]) {
      stream.accept(arrival.sample, arrival.receivedSeconds);
    }
    judgements.push(analyzer.judge(stream, now));
  }
  return { stream, judgements };
}

/** Mean spectral error of the judgements after the first `skipSeconds`. */
export function meanError(judgements: readonly Judgement[], skipSeconds: number): number {
  const errors = judgements.slice(skipSeconds).map((judgement) => judgement.verdict.spectral_error ?? Number.NaN);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}
