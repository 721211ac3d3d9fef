import { createTone } from '../../src/core/tone.ts';
import type { HeldInjection, Outcome, PlannedServer, Target, TargetServer } from '../../src/chaos/target.ts';
import { separateRackFaults } from '../../src/core/detect/rack-wide.ts';
import { datacenterScore, groupStatus, rackScore } from '../../src/core/health.ts';
import { Stream } from '../../src/core/stream.ts';
import type { DatacenterHealth, Verdict } from '../../src/core/verdict.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import { NetemQueue } from '../../src/netem/netem-queue.ts';
import { createSeededRandom, mixSeed } from '../../src/netem/seeded-random.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { timelineAt } from '../../src/wire/injection-timeline.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';
import { type Random, seededRandom } from './random.ts';

const EPOCH_SECONDS = 1_800_000_000;
const RATE_HZ = 20;
const BASE_DELAY_SECONDS = 0.0002;
const TIMER_NOISE_SECONDS = 0.0003;

interface Flight {
  readonly dueSeconds: number;
  readonly bytes: Uint8Array;
}

/** One server: its tone, the emulated network before it, and what its rack hears. */
class SimulatedServer {
  readonly place: TargetServer;
  readonly stream: Stream;
  injection: { readonly injection: Injection; readonly beganSeconds: number } | null = null;
  readonly #random: Random;
  readonly #tone;
  #queue: NetemQueue;
  #flights: Flight[] = [];
  #sequence = 0;
  #phase: unknown = undefined;

  constructor(rackId: number, serverId: number, seed: number) {
    this.place = { rackId, serverId, place: `simulated ${rackId}.${serverId}` };
    this.#random = seededRandom(mixSeed(seed, rackId, serverId));
    this.#tone = createTone(1 + rackId + 0.05 * serverId);
    this.#queue = this.#newQueue(mixSeed(seed + 1, rackId, serverId));
    this.stream = new Stream({
      rackId,
      serverId,
      frequencyHz: this.#tone.frequencyHz,
      sampleRateHz: RATE_HZ,
      windowSlots: 256,
      isAuthenticated: false,
    });
  }

  inject(injection: Injection | null, nowSeconds: number): void {
    if (injection !== null && injection.seed !== null) {
      this.#queue = this.#newQueue(mixSeed(injection.seed, this.place.rackId, this.place.serverId));
    }
    this.injection = injection === null ? null : { injection, beganSeconds: nowSeconds };
  }

  /** Sends every sample up to a time, and hears what has arrived by then. */
  advanceTo(nowSeconds: number): void {
    for (; this.#sequence / RATE_HZ <= nowSeconds; this.#sequence++) this.#send(this.#sequence / RATE_HZ);
    this.#release(nowSeconds);
    const arrived = this.#flights.filter(({ dueSeconds }) => dueSeconds <= nowSeconds);
    this.#flights = this.#flights.filter(({ dueSeconds }) => dueSeconds > nowSeconds);
    for (const { dueSeconds, bytes } of arrived.toSorted((a, b) => a.dueSeconds - b.dueSeconds)) {
      const decoded = decodeDatagram(bytes, { key: null });
      const { rackId, serverId } = this.place;
      if (decoded.kind !== 'sample') continue;
      if (decoded.sample.rackId !== rackId || decoded.sample.serverId !== serverId) continue;
      this.stream.accept(decoded.sample, EPOCH_SECONDS + dueSeconds);
    }
  }

  /** Ends an injection whose time is over, and puts in force what its timeline says. */
  #keepTime(nowSeconds: number): void {
    const { injection: held } = this;
    const moment = held === null ? null : timelineAt(held.injection, nowSeconds - held.beganSeconds);
    if (moment?.isOver === true) this.injection = null;
    const impairment = moment === null || moment.isOver ? null : moment.impairment;
    if (impairment === this.#phase) return;
    this.#phase = impairment;
    this.#queue.change(impairment);
  }

  #send(scheduledSeconds: number): void {
    const sentSeconds = scheduledSeconds + TIMER_NOISE_SECONDS * Math.abs(this.#random.normal());
    this.#keepTime(sentSeconds);
    this.#release(sentSeconds);
    const { rackId, serverId } = this.place;
    const unixSeconds = EPOCH_SECONDS + sentSeconds;
    const sample = { rackId, serverId, bootId: 7, sequence: this.#sequence, sentSeconds: unixSeconds };
    const [im, re] = [this.#tone.inPhase(unixSeconds), this.#tone.quadrature(unixSeconds)];
    this.#queue.enqueue(encodeSample({ ...sample, im, re }, null), sentSeconds);
    this.#release(sentSeconds);
  }

  #release(nowSeconds: number): void {
    for (let next = this.#queue.dequeue(nowSeconds); next !== null; next = this.#queue.dequeue(nowSeconds)) {
      const noiseSeconds = 0.0001 * Math.abs(this.#random.normal());
      this.#flights.push({ dueSeconds: next.dueSeconds + BASE_DELAY_SECONDS + noiseSeconds, bytes: next.bytes });
    }
  }

  #newQueue(seed: number): NetemQueue {
    return new NetemQueue({ random: createSeededRandom(seed) });
  }
}

/**
 * Agents, network, racks and datacenter without processes or time: the emulated netem, the stream and the analyzer that
 * run in production, moved by whoever owns the clock. It is a target, and answers with the tree.
 */
export class SimulatedCluster implements Target {
  readonly name = 'lab';
  /** Holds injections, and does nothing to packets. */
  readonly #isInert: boolean;
  readonly #servers: readonly SimulatedServer[];
  readonly #analyzer = new WindowAnalyzer(256);
  #verdicts: readonly Verdict[] = [];
  #nowSeconds = 0;
  #judgedSeconds = 0;

  constructor(options: { racks: number; servers: number; seed: number; isInert?: boolean }) {
    const { racks, servers, seed, isInert = false } = options;
    this.#isInert = isInert;
    this.#servers = Array.from(
      { length: racks * servers },
      (_, n) => new SimulatedServer(Math.floor(n / servers), n % servers, seed),
    );
  }

  advanceTo(nowSeconds: number): void {
    // Verdicts are drawn once a second, at seconds.
    while (this.#judgedSeconds + 1 <= nowSeconds) {
      this.#judgedSeconds++;
      this.#moveTo(this.#judgedSeconds);
      this.#verdicts = this.#servers.map(
        ({ stream }) => this.#analyzer.judge(stream, EPOCH_SECONDS + this.#judgedSeconds).verdict,
      );
    }
    this.#moveTo(nowSeconds);
  }

  tree(): DatacenterHealth {
    const rackIds = [...new Set(this.#verdicts.map(({ rack_id: id }) => id))];
    const timestamp = EPOCH_SECONDS + this.#judgedSeconds;
    const racks = rackIds.map((rackId) => {
      const { verdicts: servers, faults } = separateRackFaults(
        this.#verdicts.filter(({ rack_id: id }) => id === rackId),
      );
      const score = rackScore(servers);
      return {
        rack_id: rackId,
        health_score: score,
        status: groupStatus(score),
        last_report: timestamp,
        faults,
        servers,
      };
    });
    const score = datacenterScore(racks);
    return { dc_id: 'simulated', health_score: score, status: groupStatus(score), timestamp, racks };
  }

  async list(): Promise<readonly TargetServer[]> {
    return this.#servers.map(({ place }) => place);
  }

  plan(): readonly PlannedServer[] {
    return [];
  }

  async apply(injection: Injection, servers: readonly TargetServer[]): Promise<readonly Outcome[]> {
    const phases = injection.phases.map(({ seconds }) => ({ seconds, impairment: null }));
    const done = this.#isInert ? { ...injection, phases } : injection;
    for (const server of this.#of(servers)) server.inject(done, this.#nowSeconds);
    return servers.map((server) => ({ server, problem: null }));
  }

  async clear(servers: readonly TargetServer[], { id }: { id: string | null }): Promise<readonly Outcome[]> {
    for (const server of this.#of(servers)) {
      if (id === null || server.injection?.injection.id === id) server.inject(null, this.#nowSeconds);
    }
    return servers.map((server) => ({ server, problem: null }));
  }

  async status(): Promise<readonly HeldInjection[]> {
    return this.#servers.flatMap(({ place: server, injection: held }) =>
      held === null
        ? []
        : [{ id: held.injection.id, server, description: '', untilSeconds: null, state: 'active', problem: null }],
    );
  }

  async close(): Promise<void> {}

  #moveTo(nowSeconds: number): void {
    this.#nowSeconds = nowSeconds;
    for (const server of this.#servers) server.advanceTo(nowSeconds);
  }

  #of(servers: readonly TargetServer[]): readonly SimulatedServer[] {
    return this.#servers.filter(({ place }) => servers.includes(place));
  }
}
