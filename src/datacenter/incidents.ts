import type { IncidentEntry } from '../wire/api/incident.ts';
import type { IncidentAnswer, IncidentPart } from '../wire/incident-answer.ts';
import { encodeIncidentRequest } from '../wire/incident-request.ts';

/** Capsules fetched at once: each takes as much memory as it is long. */
const MAX_DOWNLOADS = 4;
/** Longest capsule that is fetched; those of a rack are shorter. */
const MAX_BYTES = 5 * 2 ** 20;
/** Longest that a rack is waited for, for each part and for all of them. */
const PART_MS = 5000;
const WHOLE_MS = 60_000;

export interface IncidentsOptions {
  /** Writes a line to the connection that has the rack; false when there is none. */
  readonly say: (rackId: number, line: string) => boolean;
  /** Longest that a rack is waited for, for each part. */
  readonly partDeadlineMs?: number;
}

/** A capsule, or why there is none. */
export type FetchedIncident =
  | { readonly kind: 'capsule'; readonly bytes: Buffer }
  /**
   * `gone`: the rack has no such capsule, or none that may be fetched. `away`: the rack has no connection. `late`: it does
   * not answer in time. `busy`: others are fetching.
   */
  | { readonly kind: 'gone' | 'away' | 'late' | 'busy' };

interface Pending {
  readonly rackId: number;
  resolve(part: IncidentPart | null): void;
}

/** What racks say of their capsules, and the means to fetch one: part by part, over the connection of its reports. */
export class Incidents {
  readonly #options: IncidentsOptions;
  readonly #entries = new Map<number, readonly IncidentEntry[]>();
  /** Which list each rack was last asked for. */
  readonly #asked = new Map<number, { readonly connection: number; readonly revision: number }>();
  readonly #pending = new Map<number, Pending>();
  #downloads = 0;
  #requests = 0;

  constructor(options: IncidentsOptions) {
    this.#options = options;
  }

  /** The capsules of a rack, oldest first, as it last told them. */
  of(rackId: number): readonly IncidentEntry[] {
    return this.#entries.get(rackId) ?? [];
  }

  /** A report of the rack says which list of capsules it has: asks for one that is new. */
  heard(rackId: number, revision: number | undefined, connection: number): void {
    const asked = this.#asked.get(rackId);
    // A rack that was started anew counts from the beginning.
    if (revision === undefined || (asked?.revision === revision && asked.connection === connection)) return;
    this.#asked.set(rackId, { connection, revision });
    this.#options.say(rackId, encodeIncidentRequest({ rack_id: rackId, incident_id: null, request_id: 0, offset: 0 }));
  }

  /** Forgets the racks that are not known any more. */
  keepOnly(isKnown: (rackId: number) => boolean): void {
    for (const rackId of this.#asked.keys()) {
      if (isKnown(rackId)) continue;
      this.#asked.delete(rackId);
      this.#entries.delete(rackId);
    }
  }

  /** Takes what a rack tells. A part that nobody waits for any more comes too late, which is no offence. */
  take(answer: IncidentAnswer): void {
    if (answer.type === 'incidents') {
      // Of what was not asked for nothing is kept.
      if (this.#asked.has(answer.rack_id)) this.#entries.set(answer.rack_id, answer.incidents);
      return;
    }
    const pending = this.#pending.get(answer.request_id);
    if (pending?.rackId === answer.rack_id) pending.resolve(answer);
  }

  /** Fetches a capsule as it is now: what is written to it meanwhile is left out. Held whole, or not given at all. */
  async fetch(rackId: number, incidentId: string): Promise<FetchedIncident> {
    if (this.#downloads >= MAX_DOWNLOADS) return { kind: 'busy' };
    this.#downloads++;
    try {
      return await this.#fetchParts(rackId, incidentId);
    } finally {
      this.#downloads--;
    }
  }

  async #fetchParts(rackId: number, incidentId: string): Promise<FetchedIncident> {
    const deadline = AbortSignal.timeout(WHOLE_MS);
    const parts: Buffer[] = [];
    let totalBytes = Infinity;
    for (let offset = 0; offset < totalBytes;) {
      if (deadline.aborted) return { kind: 'late' };
      // oxlint-disable-next-line no-await-in-loop -- each part is asked for when the one before it is here
      const part = await this.#ask(rackId, incidentId, offset);
      if (part === 'away' || part === 'late') return { kind: part };
      const bytes = Buffer.from(part.data, 'base64');
      if (part.total_bytes === null || (offset === 0 && part.total_bytes > MAX_BYTES)) return { kind: 'gone' };
      totalBytes = Math.min(totalBytes, part.total_bytes);
      if (bytes.length === 0 && offset < totalBytes) return { kind: 'gone' };
      parts.push(bytes);
      offset += bytes.length;
    }
    return { kind: 'capsule', bytes: Buffer.concat(parts).subarray(0, totalBytes) };
  }

  async #ask(rackId: number, incidentId: string, offset: number): Promise<IncidentPart | 'away' | 'late'> {
    const { promise, resolve } = Promise.withResolvers<IncidentPart | null>();
    const requestId = ++this.#requests;
    const request = { rack_id: rackId, incident_id: incidentId, request_id: requestId, offset };
    this.#pending.set(requestId, { rackId, resolve });
    const timer = setTimeout(() => resolve(null), this.#options.partDeadlineMs ?? PART_MS);
    try {
      if (!this.#options.say(rackId, encodeIncidentRequest(request))) return 'away';
      const part = await promise;
      return part?.offset === offset ? part : 'late';
    } finally {
      clearTimeout(timer);
      this.#pending.delete(requestId);
    }
  }
}
