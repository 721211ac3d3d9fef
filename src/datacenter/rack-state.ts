import { groupStatus } from '../core/health.ts';
import type { RackHealth, Verdict } from '../core/verdict.ts';
import type { Report } from '../wire/report-lines.ts';
import { PartAssembly, type WholeReport } from './part-assembly.ts';

/** How often a rack is taken to report that does not say. */
const UNSAID_INTERVAL_SECONDS = 5;
/** Reports that may be missing before a rack is silent. */
const MISSING_REPORTS = 3;
/** A rack that was never heard is given this long to start. */
const START_SECONDS = 10;

export interface SilenceLimits {
  readonly rackTimeoutSeconds: number;
  readonly forgetAfterSeconds: number;
}

/** What the datacenter knows of one rack. Times are the datacenter's own, in Unix seconds, unless they say otherwise. */
export class RackState {
  readonly rackId: number;
  readonly assembly = new PartAssembly();
  /** Connection of the newest report, until it closes. */
  connection: number | null = null;
  name: string | null = null;
  /** Whole reports taken. */
  received = 0;
  /** Reports that never came, by the gaps in the sequence numbers. */
  missed = 0;
  /** Whether the newest report follows the one before: of the same start of the rack, and none is missing between. */
  isSequel = false;
  /** Length of the newest report's lines. */
  characters = 0;
  #health: RackHealth;
  #bootId: number | null = null;
  #sequence: number | null = null;
  #intervalSeconds = UNSAID_INTERVAL_SECONDS;
  /** When the newest report came; before the first, since when it is waited for. */
  #heardSeconds: number;

  constructor(rackId: number, nowSeconds: number) {
    this.rackId = rackId;
    this.#heardSeconds = nowSeconds;
    this.#health = {
      rack_id: rackId,
      health_score: null,
      status: 'warming',
      last_report: null,
      faults: [],
      servers: [],
    };
  }

  /**
   * As the tree shows it. A silent rack has score 0, and so are its servers silent: they may be well, but nobody here
   * hears them, and unknown is not healthy.
   */
  get health(): RackHealth {
    return this.#health;
  }

  get isSilent(): boolean {
    return this.#health.status === 'silent';
  }

  /** How long the rack has not been heard. */
  silenceSeconds(nowSeconds: number): number {
    return nowSeconds - this.#heardSeconds;
  }

  /** Whether it has not been heard for longer than it may. An interval it claims cannot hide it for ever. */
  isOverdue(nowSeconds: number, limits: SilenceLimits): boolean {
    const { rackTimeoutSeconds, forgetAfterSeconds } = limits;
    const patienceSeconds =
      this.#health.last_report === null
        ? START_SECONDS
        : Math.min(MISSING_REPORTS * this.#intervalSeconds, forgetAfterSeconds);
    return this.silenceSeconds(nowSeconds) > Math.max(rackTimeoutSeconds, patienceSeconds);
  }

  /** Whether a report comes from another start of the rack than the newest one. */
  isOtherBoot(report: Report): boolean {
    return this.#health.last_report !== null && (report.boot_id ?? null) !== this.#bootId;
  }

  /** Whether the report is one it has, or came before one it has; it may be sent again after a reconnect. */
  has({ boot_id: bootId, sequence }: Report): boolean {
    if (bootId === undefined || sequence === undefined || this.#sequence === null) return false;
    return bootId === this.#bootId && sequence <= this.#sequence;
  }

  take({ head, servers, characters }: WholeReport, nowSeconds: number): void {
    const { boot_id: bootId = null, sequence = null, health_score: score } = head;
    if (bootId === this.#bootId && sequence !== null && this.#sequence !== null) {
      this.missed += sequence - this.#sequence - 1;
    }
    this.isSequel = this.#followsOn(head);
    this.received++;
    this.characters = characters;
    this.name = head.name ?? null;
    this.#bootId = bootId;
    this.#sequence = sequence;
    this.#intervalSeconds = head.interval_seconds ?? UNSAID_INTERVAL_SECONDS;
    this.#heardSeconds = nowSeconds;
    // A rack that was silent counts as 0 until it can judge again: its return alone heals nothing.
    const owesScore = this.#health.health_score === 0 && this.#health.status !== 'critical';
    this.#health = {
      rack_id: this.rackId,
      health_score: score ?? (owesScore ? 0 : null),
      status: groupStatus(score),
      last_report: head.timestamp,
      faults: head.faults ?? [],
      servers,
    };
  }

  fallSilent(): void {
    const servers = this.#health.servers.map((verdict) => unheard(verdict));
    this.#health = { ...this.#health, health_score: 0, status: 'silent', faults: [], servers };
  }

  /** Time in which the datacenter itself stood still does not count as silence. */
  excuse(seconds: number, nowSeconds: number): void {
    this.#heardSeconds = Math.min(this.#heardSeconds + seconds, nowSeconds);
  }

  #followsOn({ boot_id: bootId, sequence, timestamp, interval_seconds: intervalSeconds }: Report): boolean {
    const { last_report: lastSeconds } = this.#health;
    if (lastSeconds === null || (bootId ?? null) !== this.#bootId) return false;
    if (sequence !== undefined && this.#sequence !== null) return sequence === this.#sequence + 1;
    return timestamp - lastSeconds <= MISSING_REPORTS * (intervalSeconds ?? UNSAID_INTERVAL_SECONDS);
  }
}

/** A server behind a silent rack: who it is and when it was last heard stay, all else is not known. */
function unheard(verdict: Verdict): Verdict {
  return {
    ...verdict,
    status: 'silent',
    spectral_error: 1,
    snr_db: null,
    loss_ratio: null,
    delay_seconds: null,
    jitter_seconds: null,
    faults: [],
  };
}
