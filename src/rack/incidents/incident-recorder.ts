import { type Fault, type RackFault, SEVERITIES, type SharedFaultKind, type Verdict } from '../../core/verdict.ts';
import type { IncidentDrop } from '../../metrics/rejections.ts';
import type { Incident } from '../../wire/api/incident.ts';
import type { HeldServer } from '../server-table.ts';
import { BegunFaults } from './begun-faults.ts';
import type { IncidentDirectory } from './incident-directory.ts';
import { incidentId } from './incident-id.ts';
import { Recording } from './recording.ts';

/** Most recordings at once, and most that begin in a minute. */
const MAX_AT_ONCE = 8;
const MAX_IN_A_MINUTE = 12;
/** Of a fault of the whole rack: the servers have it in common, a few of them show it. */
const MAX_RACK_WIDE = 4;
const MINUTE_SECONDS = 60;
const SPAN_SECONDS = 60;

export interface IncidentRecorderOptions {
  readonly rackId: number;
  readonly version: string;
  readonly windowSlots: number;
  readonly directory: Pick<IncidentDirectory, 'begin'>;
  readonly servers: { get(serverId: number): Pick<HeldServer, 'stream' | 'history'> | undefined };
  /** How much of what came before the fault began, and after it was found; a minute each. */
  readonly spanSeconds?: number;
}

/**
 * Freezes the raw arrivals of a server into a capsule when a fault of it begins. What came before is in its history, and
 * what comes after is taken from there too, in time. Has no timer and no clock of its own.
 */
export class IncidentRecorder {
  /** Capsules begun. */
  begun = 0;
  readonly #options: IncidentRecorderOptions;
  readonly #spanSeconds: number;
  readonly #faults = new BegunFaults();
  readonly #recordings = new Map<number, Recording>();
  /** Of the capsules of the last minute, oldest first. */
  #latest: readonly Incident[] = [];
  /**
   * When the fault of each server's last capsule was found: what began before that is in it. Or when the server last had a
   * part in a fault of its rack: what it has left of that when the rack is well again is nothing new.
   */
  readonly #coveredSeconds = new Map<number, number>();
  readonly #dropped = new Map<IncidentDrop, number>();
  #rackFaults: readonly RackFault[] = [];

  constructor(options: IncidentRecorderOptions) {
    this.#options = options;
    this.#spanSeconds = options.spanSeconds ?? SPAN_SECONDS;
  }

  /** Faults that began and were not recorded, since the start. */
  dropped(reason: IncidentDrop): number {
    return this.#dropped.get(reason) ?? 0;
  }

  /** A capsule could not be written. */
  drop(reason: IncidentDrop): void {
    this.#dropped.set(reason, this.dropped(reason) + 1);
  }

  /** Takes all verdicts of a new judgement, and the faults of the rack itself that they have as `rack-wide`. */
  judged(verdicts: readonly Verdict[], rackFaults: readonly RackFault[], nowSeconds: number): void {
    this.#rackFaults = rackFaults;
    this.#latest = this.#latest.filter(({ detected }) => nowSeconds - detected < MINUTE_SECONDS);
    for (const { verdict, fault } of this.#faults.of(verdicts)) this.#consider(verdict, fault, nowSeconds);
    for (const { server_id: serverId, faults } of verdicts) {
      if (faults.some(({ kind }) => kind === 'rack-wide')) this.#coveredSeconds.set(serverId, nowSeconds);
    }
    for (const serverId of this.#coveredSeconds.keys()) {
      if (this.#options.servers.get(serverId) === undefined) this.#coveredSeconds.delete(serverId);
    }
  }

  /** Takes what arrived to the capsules; to be called a few dozen times a second. One at a time: it takes milliseconds. */
  tick(nowSeconds: number): void {
    const [next] = [...this.#recordings].toSorted(([, a], [, b]) => b.urgency(nowSeconds) - a.urgency(nowSeconds));
    if (next === undefined || next[1].urgency(nowSeconds) === 0) return;
    const [serverId, recording] = next;
    if (recording.take(nowSeconds)) return;
    recording.finish();
    this.#recordings.delete(serverId);
  }

  /** What is recorded ends here. */
  close(nowSeconds: number): void {
    for (const recording of this.#recordings.values()) {
      recording.take(nowSeconds);
      recording.finish();
    }
    this.#recordings.clear();
  }

  #consider(verdict: Verdict, fault: Fault, nowSeconds: number): void {
    const { server_id: serverId } = verdict;
    const held = this.#options.servers.get(serverId);
    // Who was never heard has no past.
    if (held?.history === undefined || held.history === null || this.#recordings.has(serverId)) return;
    if (fault.since <= (this.#coveredSeconds.get(serverId) ?? Number.NEGATIVE_INFINITY)) return;
    const reason = this.#refusal(fault);
    if (reason !== null) return this.drop(reason);
    // The rate that it was heard with: that of a verdict is measured.
    const { sampleRateHz } = held.stream.options;
    const incident = { ...this.#describe(verdict, fault, nowSeconds), sample_rate_hz: sampleRateHz };
    const file = this.#options.directory.begin(incident);
    if (file === null) return this.drop('no-room');
    this.begun++;
    this.#latest = [...this.#latest, incident];
    this.#coveredSeconds.set(serverId, nowSeconds);
    const spanSeconds = this.#spanSeconds;
    this.#recordings.set(serverId, new Recording({ incident, file, reader: held.history.reader(), spanSeconds }));
  }

  #refusal({ kind }: Fault): IncidentDrop | null {
    const rackWide = this.#latest.filter((incident) => incident.kind === 'rack-wide').length;
    if (kind === 'rack-wide' && rackWide >= MAX_RACK_WIDE) return 'rack-wide';
    if (this.#recordings.size >= MAX_AT_ONCE) return 'too-many';
    return this.#latest.length >= MAX_IN_A_MINUTE ? 'too-often' : null;
  }

  #describe(verdict: Verdict, { kind, severity, since }: Fault, nowSeconds: number): Omit<Incident, 'sample_rate_hz'> {
    const { rackId, version, windowSlots } = this.#options;
    const { server_id: serverId } = verdict;
    const shared = kind === 'rack-wide' ? sharedKind(this.#rackFaults, serverId) : null;
    return {
      type: 'incident',
      incident_id: incidentId({ detected: nowSeconds, rackId, serverId, kind }),
      rack_id: rackId,
      server_id: serverId,
      name: verdict.name,
      kind,
      ...(shared === null ? {} : { shared_kind: shared }),
      severity,
      since,
      detected: nowSeconds,
      expected_frequency_hz: verdict.expected_frequency_hz,
      window_slots: windowSlots,
      version,
    };
  }
}

/** What a server shares with most of its rack: the worst of it, where that is more than one fault. */
function sharedKind(rackFaults: readonly RackFault[], serverId: number): SharedFaultKind | null {
  const [worst] = rackFaults
    .filter(({ server_ids: ids }) => ids.includes(serverId))
    .toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  return worst?.kind ?? null;
}
