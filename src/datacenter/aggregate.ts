import { datacenterScore, groupStatus } from '../core/health.ts';
import type { DatacenterHealth } from '../core/verdict.ts';
import type { ReportRejectReason } from '../wire/reject-reason.ts';
import { EventRing } from './events.ts';
import type { DatacenterEvent } from '../wire/api/datacenter-event.ts';
import { FaultJournal } from './fault-journal.ts';
import { History } from './history.ts';
import { RackTable, type RackRejection, type RackTableOptions, type Receipt, type ReceivedReport } from './racks.ts';
import type { RackState } from './rack-state.ts';
import { StatusJournal } from './status-journal.ts';

/** A check that comes this much after the last one was late: the datacenter itself stood still. */
const LATE_CHECK_SECONDS = 1;

export type LineRejection = ReportRejectReason | RackRejection;

export interface AggregateOptions extends RackTableOptions {
  readonly dcId: string;
  readonly maxEvents: number;
  readonly onEvent?: (event: DatacenterEvent) => void;
}

/** What all racks together say, and how it changed. Pure: times are arguments, in Unix seconds. */
export class Aggregate {
  readonly dcId: string;
  readonly events: EventRing;
  readonly history = new History();
  readonly #table: RackTable;
  readonly #journal: StatusJournal;
  readonly #faults: FaultJournal;
  readonly #rejected = new Map<LineRejection, number>();
  #checkedSeconds: number;

  constructor(options: AggregateOptions) {
    this.dcId = options.dcId;
    this.events = new EventRing(options.maxEvents, options.onEvent);
    this.#table = new RackTable(options);
    this.#journal = new StatusJournal(this.events);
    this.#faults = new FaultJournal(this.events);
    this.#checkedSeconds = options.startedSeconds;
  }

  get racks(): readonly RackState[] {
    return this.#table.racks;
  }

  /** Null for one that is neither expected nor heard. */
  rack(rackId: number): RackState | null {
    return this.#table.rack(rackId);
  }

  get score(): number | null {
    return datacenterScore(this.#healths());
  }

  /** Takes a report line that was read. */
  receive(received: ReceivedReport, nowSeconds: number): Receipt {
    const receipt = this.#table.receive(received, nowSeconds);
    if (receipt.kind === 'rejected') this.reject(receipt.reason);
    if (receipt.kind !== 'taken') return receipt;
    const { rack, wasSilent } = receipt;
    const reportSeconds = received.report.timestamp;
    // That reports came back is the datacenter's own observation; all else is what the report says, as of then.
    const rackSeconds = wasSilent ? nowSeconds : reportSeconds;
    this.history.take(rack.health, reportSeconds);
    this.#faults.see(rack.health, { name: rack.name, timestamp: reportSeconds, isSequel: rack.isSequel });
    this.#journal.seeServers(rack.health, reportSeconds);
    this.#journal.seeRack(rack.health, rack.name, rackSeconds);
    this.#seeDatacenter(rackSeconds);
    return receipt;
  }

  /** Counts a line that was turned away. */
  reject(reason: LineRejection): void {
    this.#rejected.set(reason, this.rejected(reason) + 1);
  }

  /** How many lines were turned away so far for this reason. */
  rejected(reason: LineRejection): number {
    return this.#rejected.get(reason) ?? 0;
  }

  /** Faults that stand and are no events, because their racks tell of too many. */
  get withheldFaults(): number {
    return this.#faults.withheld;
  }

  disconnect(connection: number): void {
    this.#table.disconnect(connection);
  }

  /** To be called a few times a second: finds racks whose reports stopped. */
  check(nowSeconds: number): void {
    const sinceSeconds = nowSeconds - this.#checkedSeconds;
    this.#checkedSeconds = nowSeconds;
    // What came in the meantime may not have been read yet.
    if (sinceSeconds > LATE_CHECK_SECONDS) this.#table.excuse(sinceSeconds, nowSeconds);
    const { fellSilent, forgotten } = this.#table.check(nowSeconds);
    if (fellSilent.length === 0 && forgotten.length === 0) return;
    for (const rack of fellSilent) this.#journal.seeRack(rack.health, rack.name, nowSeconds);
    for (const rackId of forgotten) this.#forgetRack(rackId);
    this.#seeDatacenter(nowSeconds);
  }

  /** The tree. */
  health(nowSeconds: number): DatacenterHealth {
    return { ...this.#summary(), timestamp: nowSeconds, racks: this.#healths() };
  }

  #forgetRack(rackId: number): void {
    this.#faults.forgetRack(rackId);
    this.#journal.forgetRack(rackId);
    this.history.forgetRack(rackId);
  }

  #healths() {
    return this.#table.racks.map((rack) => rack.health);
  }

  #summary() {
    const { score } = this;
    return { dc_id: this.dcId, health_score: score, status: groupStatus(score) };
  }

  #seeDatacenter(timestamp: number): void {
    this.#journal.seeDatacenter(this.#summary(), timestamp);
  }
}
