import type { DetectionOptions } from '../core/detect/detection-options.ts';
import { isToneAllowed, toneHz, type FrequencyPlan } from '../core/frequency-plan.ts';
import { Stream } from '../core/stream.ts';
import type { Fault, Verdict } from '../core/verdict.ts';
import type { Judgement, WindowAnalyzer } from '../core/window-analyzer.ts';
import type { Announcement } from '../wire/announcement.ts';
import { ArrivalHistory } from './incidents/arrival-history.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { RackRejectReason } from './rejections.ts';

/** A server that was never heard well enough to be judged is forgotten after this much silence. */
const STRANGER_SECONDS = 5;
/** How long after the rack's start an expected server that never spoke may still be on its way. */
const ARRIVAL_GRACE_SECONDS = 10;

export interface ServerTableOptions {
  readonly rackId: number;
  readonly plan: FrequencyPlan;
  readonly sampleRateHz: number;
  readonly windowSlots: number;
  readonly maxServers: number;
  /** The servers that ought to be heard; null for every one that is. */
  readonly expectedServerIds: readonly number[] | null;
  /** What an operator set about detection; the defaults where nothing is given. */
  readonly detection?: DetectionOptions;
  readonly forgetAfterSeconds: number;
  readonly isAuthenticated: boolean;
  /** Unix seconds. */
  readonly startedSeconds: number;
  /** Keep the newest raw arrivals of each server: 11 KiB. */
  readonly keepsHistory: boolean;
}

/** A server the rack holds state for. */
export interface HeldServer {
  readonly stream: Stream;
  readonly latency: LatencyHistogram;
  /** Its newest raw arrivals; null where none are kept. */
  readonly history: ArrivalHistory | null;
  /** When it was admitted, unix seconds. */
  readonly sinceSeconds: number;
  announcement: Announcement | null;
  judgement: Judgement | null;
  /** `changes` of the stream's faults at that judgement. */
  faultChanges: number;
  /** True once it gave enough samples for a verdict: from then on its silence counts. */
  wasJudged: boolean;
}

/** Every server of one rack: those heard and those expected. Holds at most `maxServers` streams. */
export class ServerTable {
  readonly #options: ServerTableOptions;
  readonly #expected: ReadonlySet<number> | null;
  readonly #held = new Map<number, HeldServer>();
  /** Under a key: the newest send time of each server that was forgotten, so that forgetting opens no door to replays. */
  readonly #lastSentSeconds = new Map<number, number>();

  constructor(options: ServerTableOptions) {
    this.#options = options;
    this.#expected = options.expectedServerIds && new Set(options.expectedServerIds);
  }

  /** Servers held now. */
  get size(): number {
    return this.#held.size;
  }

  get(serverId: number): HeldServer | undefined {
    return this.#held.get(serverId);
  }

  [Symbol.iterator](): IterableIterator<HeldServer> {
    return this.#held.values();
  }

  /** True when a server that was forgotten sent this already: only what is newer may bring it back. */
  isReplay(serverId: number, sentSeconds: number): boolean {
    return sentSeconds <= (this.#lastSentSeconds.get(serverId) ?? Number.NEGATIVE_INFINITY);
  }

  /** The server of this id, held from now on if there is reason and room to. */
  admit(serverId: number, nowSeconds: number): HeldServer | RackRejectReason {
    return this.#held.get(serverId) ?? this.#hold(serverId, nowSeconds);
  }

  /**
   * Draws a new verdict of every server held, and forgets those that fell silent long ago.
   * @param observerFault what the rack has to say against itself
   */
  judge(analyzer: WindowAnalyzer, nowSeconds: number, observerFault: Fault | null): void {
    for (const [serverId, held] of this.#held) {
      const silentSeconds = nowSeconds - Math.max(held.stream.lastHeardSeconds, held.sinceSeconds);
      const patienceSeconds = held.wasJudged ? this.#options.forgetAfterSeconds : STRANGER_SECONDS;
      if (silentSeconds > patienceSeconds) this.#forget(serverId, held);
      if (silentSeconds > patienceSeconds || !held.stream.isStarted) continue;
      held.judgement = analyzer.judge(held.stream, nowSeconds, observerFault);
      held.faultChanges = held.stream.faults.changes;
      held.wasJudged ||= held.judgement.verdict.spectral_error !== null && !held.stream.isSilent(nowSeconds);
    }
  }

  /** True when a server that was being heard at its last verdict is silent now. */
  hasNewSilence(nowSeconds: number): boolean {
    for (const { stream, judgement, wasJudged } of this.#held.values()) {
      if (wasJudged && judgement?.verdict.status !== 'silent' && stream.isSilent(nowSeconds)) return true;
    }
    return false;
  }

  /** True when a fault of a server that is judged has begun or ended since its last verdict. */
  hasNewFault(): boolean {
    for (const { stream, wasJudged, faultChanges } of this.#held.values()) {
      if (wasJudged && stream.faults.changes !== faultChanges) return true;
    }
    return false;
  }

  /** The verdicts that count for this rack, by server id: all that were judged or expected. */
  verdicts(nowSeconds: number): Verdict[] {
    const verdicts = this.#unheard(nowSeconds);
    for (const [serverId, { judgement, wasJudged }] of this.#held) {
      if (judgement === null) continue;
      const isStranger = !wasJudged && judgement.verdict.status === 'silent';
      if (!isStranger || this.#expected?.has(serverId)) verdicts.push(judgement.verdict);
    }
    return verdicts.toSorted((a, b) => a.server_id - b.server_id);
  }

  #forget(serverId: number, { stream }: HeldServer): void {
    this.#held.delete(serverId);
    const { isAuthenticated } = this.#options;
    // Bounded: only holders of the key get here, and there are 65 536 ids.
    if (isAuthenticated && stream.isStarted) this.#lastSentSeconds.set(serverId, stream.newestSentSeconds);
  }

  #hold(serverId: number, nowSeconds: number): HeldServer | RackRejectReason {
    const { plan, rackId, sampleRateHz, windowSlots, isAuthenticated, detection, keepsHistory } = this.#options;
    if (this.#expected && !this.#expected.has(serverId)) return 'unexpected-server';
    const frequencyHz = toneHz(plan, rackId, serverId);
    if (!isToneAllowed(frequencyHz, sampleRateHz)) return 'no-tone';
    if (this.#held.size >= this.#options.maxServers) return 'too-many-servers';
    const held: HeldServer = {
      stream: new Stream({ rackId, serverId, frequencyHz, sampleRateHz, windowSlots, isAuthenticated, detection }),
      latency: new LatencyHistogram(),
      history: keepsHistory ? new ArrivalHistory({ frequencyHz, sampleRateHz }) : null,
      sinceSeconds: nowSeconds,
      announcement: null,
      judgement: null,
      faultChanges: 0,
      wasJudged: false,
    };
    this.#held.set(serverId, held);
    return held;
  }

  /** Expected servers that were never heard: on their way at first, silent after that. */
  #unheard(nowSeconds: number): Verdict[] {
    const isGraceOver = nowSeconds - this.#options.startedSeconds > ARRIVAL_GRACE_SECONDS;
    const missing = this.#options.expectedServerIds?.filter((serverId) => !this.#held.get(serverId)?.judgement);
    return (missing ?? []).map((serverId) => this.#unheardVerdict(serverId, isGraceOver));
  }

  #unheardVerdict(serverId: number, isSilent: boolean): Verdict {
    const { plan, rackId, sampleRateHz } = this.#options;
    return {
      rack_id: rackId,
      server_id: serverId,
      name: null,
      status: isSilent ? 'silent' : 'warming',
      spectral_error: isSilent ? 1 : null,
      snr_db: null,
      loss_ratio: null,
      delay_seconds: null,
      jitter_seconds: null,
      clock_skew_ppm: null,
      expected_frequency_hz: toneHz(plan, rackId, serverId),
      sample_rate_hz: sampleRateHz,
      last_heard: null,
      faults: [],
    };
  }
}
