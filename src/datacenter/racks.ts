import type { DATACENTER_REJECTIONS } from '../metrics/rejections.ts';
import type { ReportRejectReason } from '../wire/reject-reason.ts';
import type { Report } from '../wire/report-lines.ts';
import { RackState, type SilenceLimits } from './rack-state.ts';

/** Most racks held when none are expected by number. */
export const MAX_HEARD_RACKS = 1024;
/** Each rack may hold reports of this length, the newest and the one on its way together. */
const GRANTED_CHARACTERS = 128 * 1024;
/** What all racks together may hold before that limit holds for each. */
const SHARED_CHARACTERS = 64 * 1024 * 1024;

export interface RackTableOptions extends SilenceLimits {
  /** Racks 0 to numRacks − 1 are expected; 0: those that were heard. */
  readonly numRacks: number;
  readonly startedSeconds: number;
}

/** A line as it came. */
export interface ReceivedReport {
  readonly report: Report;
  /** Length of the line. */
  readonly characters: number;
  readonly connection: number;
}

/** Why the table turned a report away. */
export type RackRejection = (typeof DATACENTER_REJECTIONS)[number] | Extract<ReportRejectReason, 'bad-report'>;

export type Receipt =
  /** A duplicate counts as turned away, but its sender is to be told that it is here. */
  | { readonly kind: 'rejected'; readonly reason: RackRejection }
  /** More parts of this report are to come. */
  | { readonly kind: 'part' }
  | { readonly kind: 'taken'; readonly rack: RackState; readonly wasSilent: boolean };

export interface Silence {
  readonly fellSilent: readonly RackState[];
  /** Ids of racks that are no longer expected. */
  readonly forgotten: readonly number[];
}

/** Every rack the datacenter knows of. Times are arguments, in Unix seconds on the datacenter's clock. */
export class RackTable {
  readonly #options: RackTableOptions;
  readonly #racks = new Map<number, RackState>();
  #inOrder: readonly RackState[] | null = null;
  /** Length of all reports held, whole or in part. */
  #characters = 0;

  constructor(options: RackTableOptions) {
    this.#options = options;
    for (let rackId = 0; rackId < options.numRacks; rackId++) this.#insert(rackId, options.startedSeconds);
  }

  /** The expected racks in the order of their ids. */
  get racks(): readonly RackState[] {
    this.#inOrder ??= [...this.#racks.values()].toSorted((a, b) => a.rackId - b.rackId);
    return this.#inOrder;
  }

  /** Null for one that is neither expected nor heard. */
  rack(rackId: number): RackState | null {
    return this.#racks.get(rackId) ?? null;
  }

  /**
   * Takes a report, or a part of one. Of two live starts of one rack, on two connections, the first keeps the place
   * until it is overdue or its connection closes.
   */
  receive(received: ReceivedReport, nowSeconds: number): Receipt {
    const { report, characters, connection } = received;
    const rack = this.#racks.get(report.rack_id) ?? this.#admit(report.rack_id, nowSeconds);
    if (typeof rack === 'string') return { kind: 'rejected', reason: rack };
    if (this.#isRival(rack, received, nowSeconds)) return { kind: 'rejected', reason: 'conflict' };
    rack.connection = connection;
    if (rack.has(report)) return { kind: 'rejected', reason: 'duplicate' };
    if (!this.#hasRoom(rack, characters)) {
      this.#dropParts(rack);
      return { kind: 'rejected', reason: 'too-large' };
    }
    return this.#add(rack, received, nowSeconds);
  }

  /** The connection closed: its racks may come back from elsewhere, and its unfinished reports never end. */
  disconnect(connection: number): void {
    for (const rack of this.#racks.values()) {
      if (rack.connection !== connection) continue;
      rack.connection = null;
      this.#dropParts(rack);
    }
  }

  /** Marks racks whose reports stopped, and forgets those that nobody expects any more. */
  check(nowSeconds: number): Silence {
    const fellSilent: RackState[] = [];
    const forgotten: number[] = [];
    for (const rack of this.#racks.values()) {
      if (!rack.isSilent && rack.isOverdue(nowSeconds, this.#options)) {
        rack.fallSilent();
        fellSilent.push(rack);
      }
      if (this.#options.numRacks > 0 || rack.silenceSeconds(nowSeconds) <= this.#options.forgetAfterSeconds) continue;
      this.#racks.delete(rack.rackId);
      this.#inOrder = null;
      this.#characters -= rack.characters + rack.assembly.characters;
      forgotten.push(rack.rackId);
    }
    return { fellSilent, forgotten };
  }

  /** Time in which the datacenter itself stood still does not count as anybody's silence. */
  excuse(seconds: number, nowSeconds: number): void {
    for (const rack of this.#racks.values()) rack.excuse(seconds, nowSeconds);
  }

  #admit(rackId: number, nowSeconds: number): RackState | RackRejection {
    if (this.#options.numRacks > 0) return 'unexpected-rack';
    return this.#racks.size >= MAX_HEARD_RACKS ? 'too-many-racks' : this.#insert(rackId, nowSeconds);
  }

  #insert(rackId: number, nowSeconds: number): RackState {
    const rack = new RackState(rackId, nowSeconds);
    this.#racks.set(rackId, rack);
    this.#inOrder = null;
    return rack;
  }

  #isRival(rack: RackState, { report, connection }: ReceivedReport, nowSeconds: number): boolean {
    if (rack.connection === null || rack.connection === connection) return false;
    return rack.isOtherBoot(report) && !rack.isOverdue(nowSeconds, this.#options);
  }

  #dropParts({ assembly }: RackState): void {
    this.#characters -= assembly.characters;
    assembly.drop();
  }

  #hasRoom(rack: RackState, characters: number): boolean {
    const ofThisRack = rack.characters + rack.assembly.characters + characters;
    return ofThisRack <= GRANTED_CHARACTERS || this.#characters + characters <= SHARED_CHARACTERS;
  }

  #add(rack: RackState, { report, characters, connection }: ReceivedReport, nowSeconds: number): Receipt {
    const wasSilent = rack.isSilent;
    const heldBefore = rack.characters + rack.assembly.characters;
    const whole = rack.assembly.add(report, characters, connection);
    if (typeof whole === 'object') rack.take(whole, nowSeconds);
    this.#characters += rack.characters + rack.assembly.characters - heldBefore;
    if (whole === 'broken') return { kind: 'rejected', reason: 'bad-report' };
    return whole === 'more' ? { kind: 'part' } : { kind: 'taken', rack, wasSilent };
  }
}
