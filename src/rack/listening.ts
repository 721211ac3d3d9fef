import { separateRackFaults } from '../core/detect/rack-wide.ts';
import { rackScore } from '../core/health.ts';
import { MAX_FAULT_SERVERS, type RackFault, type Verdict } from '../core/verdict.ts';
import { HOP_SECONDS, WindowAnalyzer } from '../core/window-analyzer.ts';
import type { RackConfig } from '../config/rack.ts';
import type { Log } from '../io/log.ts';
import type { Report } from '../wire/report-lines.ts';
import type { ArrivalHandler, ArrivalReader } from './arrival-ring.ts';
import { createIntake } from './intake.ts';
import type { ReceiveLag } from './receive-lag.ts';
import { ReceiveObserver } from './receive-observer.ts';
import { Rejections } from './rejections.ts';
import { ServerTable } from './server-table.ts';

/** Most mismatches of tones told in a hop: anyone can announce anything, and a log is to be read. */
const MAX_MISMATCHES_TOLD = 8;
/** New faults are told before the next hop, but no sooner than this after the last verdicts. */
const NEWS_SECONDS = 0.2;

export interface ListeningOptions {
  readonly config: RackConfig;
  /** Null: datagrams are not authenticated. */
  readonly key: Buffer | null;
  readonly bootId: number;
  readonly version: string;
  /** Unix seconds. */
  readonly startedSeconds: number;
  readonly arrivals: ArrivalReader;
  readonly lag: ReceiveLag;
  readonly log: Log;
}

/** The rack between its two lines: arrivals in, verdicts and reports out. Has no timer and no clock of its own. */
export class Listening {
  readonly servers: ServerTable;
  readonly rejections = new Rejections();
  readonly analyzer: WindowAnalyzer;
  /** The newest verdicts, by server id. */
  verdicts: readonly Verdict[] = [];
  /** Faults of the rack itself: what came over most of its servers at once. */
  faults: readonly RackFault[] = [];
  /** Score of the newest verdicts; null while nothing can be judged. */
  score: number | null = null;

  readonly #options: ListeningOptions;
  readonly #observer: ReceiveObserver;
  readonly #intake: ArrivalHandler;
  #sequence = 0;
  #nextHopSeconds: number;
  #judgedSeconds = Number.NEGATIVE_INFINITY;
  #ringFull = 0;
  #tooLong = 0;
  #mismatchesTold = 0;

  constructor(options: ListeningOptions) {
    const { config, key, log } = options;
    this.#options = options;
    this.#nextHopSeconds = options.startedSeconds + HOP_SECONDS;
    this.analyzer = new WindowAnalyzer(config.windowSlots);
    this.#observer = new ReceiveObserver(options.lag, config.windowSlots / config.sampleRateHz);
    this.servers = new ServerTable({
      ...config,
      plan: config.frequencyPlan,
      isAuthenticated: key !== null,
      startedSeconds: options.startedSeconds,
      keepsHistory: config.incidentDir !== null,
    });
    this.#intake = createIntake({
      rackId: config.rackId,
      key,
      maxClockOffsetSeconds: config.maxClockOffsetSeconds,
      servers: this.servers,
      rejections: this.rejections,
      onMismatch: ({ serverId, name, frequencyHz, sampleRateHz }, { stream }) => {
        if (++this.#mismatchesTold > MAX_MISMATCHES_TOLD) return;
        log.warn(
          { serverId, name, frequencyHz, sampleRateHz, expectedHz: stream.options.frequencyHz },
          'an agent announces another tone or rate than the frequency plan gives it',
        );
      },
    });
  }

  /**
   * Takes what arrived; when a hop has passed, a server has fallen silent, or a fault began or ended, judges all of them.
   * @param nowSeconds unix seconds
   * @returns the report of a new judgement, null when there was none
   */
  tick(nowSeconds: number): (Report & { readonly sequence: number }) | null {
    // Read before the ring is drained: what the receive thread takes meanwhile stays in the ring, and is not silence.
    const listenedUntil = this.#options.lag.listenedUntilSeconds;
    this.#options.arrivals.drain(this.#intake);
    this.#countDrops();
    // What the receive thread has not listened to yet cannot be called silence.
    const heardUntil = Math.min(nowSeconds, listenedUntil);
    const isHop = heardUntil >= this.#nextHopSeconds;
    if (!isHop && !this.#hasNews(heardUntil)) return null;
    while (this.#nextHopSeconds <= heardUntil) this.#nextHopSeconds += HOP_SECONDS;
    return this.#judge(heardUntil);
  }

  /** Between two hops only what cannot wait is judged, and faults that come and go do not make a rack judge all the time. */
  #hasNews(heardUntil: number): boolean {
    if (this.servers.hasNewSilence(heardUntil)) return true;
    return heardUntil - this.#judgedSeconds >= NEWS_SECONDS && this.servers.hasNewFault();
  }

  #judge(nowSeconds: number): Report & { readonly sequence: number } {
    this.#mismatchesTold = 0;
    this.#judgedSeconds = nowSeconds;
    this.#observer.observe(nowSeconds);
    this.servers.judge(this.analyzer, nowSeconds, this.#observer.fault(nowSeconds));
    const { verdicts, faults } = separateRackFaults(this.servers.verdicts(nowSeconds));
    this.verdicts = verdicts;
    this.faults = faults;
    this.score = rackScore(this.verdicts);
    return {
      type: 'report',
      rack_id: this.#options.config.rackId,
      health_score: this.score,
      server_count: this.verdicts.length,
      timestamp: nowSeconds,
      boot_id: this.#options.bootId,
      sequence: ++this.#sequence,
      interval_seconds: HOP_SECONDS,
      version: this.#options.version,
      faults: this.faults.map((fault) => ({ ...fault, server_ids: fault.server_ids.slice(0, MAX_FAULT_SERVERS) })),
      servers: this.verdicts,
    };
  }

  #countDrops(): void {
    const { droppedFull, droppedLong } = this.#options.arrivals;
    this.rejections.add('ring-full', droppedFull - this.#ringFull);
    this.rejections.add('too-long', droppedLong - this.#tooLong);
    this.#ringFull = droppedFull;
    this.#tooLong = droppedLong;
  }
}
