import { loadConfig } from '../../src/config/load.ts';
import { type RackConfig, rackSpec } from '../../src/config/rack.ts';
import type { Sample } from '../../src/core/sample.ts';
import { createTone } from '../../src/core/tone.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { createLog } from '../../src/io/log.ts';
import { allocateArrivalRing, ArrivalReader, ArrivalWriter } from '../../src/rack/arrival-ring.ts';
import { Listening } from '../../src/rack/listening.ts';
import { allocateReceiveLag, ReceiveLag } from '../../src/rack/receive-lag.ts';
import type { RejectionReason } from '../../src/rack/rejections.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';

export const START_SECONDS = 1_800_000_000;
export const RACK_DEFAULTS: RackConfig = loadConfig(rackSpec, { flags: {}, env: {}, file: undefined });

const TICK_SECONDS = 0.025;
const INTERVAL_SECONDS = 0.05;
const DELAY_SECONDS = 0.001;
/** Two times closer than this are one. */
const ROUNDING_SECONDS = 1e-6;

export interface FakeRackOptions {
  readonly config?: Partial<RackConfig>;
  readonly key?: Buffer | null;
  readonly ringBytes?: number;
}

/** A rack in one thread and on a clock that only the test moves: everything but sockets, timers and threads. */
export class FakeRack {
  /** Since the rack's start. */
  elapsedSeconds = 0;
  readonly listening: Listening;
  readonly lag: ReceiveLag;
  readonly ring: ArrivalWriter;
  readonly logged: string[] = [];
  /** All reports, in order. */
  readonly reports: NonNullable<ReturnType<Listening['tick']>>[] = [];
  readonly #key: Buffer | null;

  constructor({ config = {}, key = null, ringBytes }: FakeRackOptions = {}) {
    const ring = allocateArrivalRing(ringBytes);
    this.#key = key;
    this.ring = new ArrivalWriter(ring);
    this.lag = new ReceiveLag(allocateReceiveLag());
    this.listening = new Listening({
      config: { ...RACK_DEFAULTS, ...config },
      key,
      bootId: 99,
      version: '1.2.3',
      startedSeconds: START_SECONDS,
      arrivals: new ArrivalReader(ring),
      lag: this.lag,
      log: createLog({ role: 'rack', level: 'info', destination: { write: (line) => void this.logged.push(line) } }),
    });
  }

  get nowSeconds(): number {
    return START_SECONDS + this.elapsedSeconds;
  }

  get verdicts(): readonly Verdict[] {
    return this.listening.verdicts;
  }

  verdict(serverId: number): Verdict | undefined {
    return this.verdicts.find((verdict) => verdict.server_id === serverId);
  }

  rejected(reason: RejectionReason): number {
    return this.listening.rejections.count(reason);
  }

  receive(datagram: Uint8Array): void {
    this.ring.write(datagram, this.nowSeconds);
  }

  /** The moment has come: the receive thread has listened until now, and the analysis looks. */
  tick(): void {
    this.lag.noteListened(this.nowSeconds);
    this.look();
  }

  /** The analysis looks; of the receive thread nothing is known. */
  look(): void {
    const report = this.listening.tick(this.nowSeconds);
    if (report) this.reports.push(report);
  }

  /** Lets time pass while these servers sing and the rack ticks; sample k of each server is that of START + k × 50 ms. */
  sing(serverIds: readonly number[], seconds: number, changes: Partial<Sample> = {}): void {
    const endSeconds = this.elapsedSeconds + seconds - ROUNDING_SECONDS;
    let k = this.nextSample;
    while (this.elapsedSeconds < endSeconds) {
      for (; k * INTERVAL_SECONDS <= this.elapsedSeconds + ROUNDING_SECONDS; k++) {
        for (const serverId of serverIds) this.receive(this.datagram(serverId, k, changes));
      }
      this.tick();
      this.elapsedSeconds += TICK_SECONDS;
    }
  }

  /** Number of the sample that is due now or next. */
  get nextSample(): number {
    return Math.ceil((this.elapsedSeconds - ROUNDING_SECONDS) / INTERVAL_SECONDS);
  }

  /** Sample k of a server as its agent sends it, received a millisecond later. */
  datagram(serverId: number, k: number, changes: Partial<Sample> = {}): Buffer {
    const sentSeconds = START_SECONDS + k * INTERVAL_SECONDS - DELAY_SECONDS;
    return encodeSample(toneSample(serverId, { sequence: k, sentSeconds, ...changes }), this.#key);
  }

  /** Lets time pass in which nothing comes. */
  wait(seconds: number): void {
    this.sing([], seconds);
  }
}

/** A sample of the tone that the default plan gives a server of rack 0. */
export function toneSample(serverId: number, changes: Partial<Sample> = {}): Sample {
  const { sentSeconds = START_SECONDS, sequence = 0 } = changes;
  const tone = createTone(1 + 0.05 * serverId);
  // As a rack reads it: agents sing the tone of that.
  const carriedSeconds = Math.round(sentSeconds * 1e9) / 1e9;
  return {
    rackId: 0,
    serverId,
    bootId: 1,
    sequence,
    sentSeconds,
    re: tone.quadrature(carriedSeconds),
    im: tone.inPhase(carriedSeconds),
    ...changes,
  };
}
