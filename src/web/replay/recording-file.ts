import { isCompressed, parseRecordedLine } from '../../analyze/recorded-line.ts';
import { Recording } from '../../analyze/recording.ts';
import type { SampleLine } from '../../analyze/sample-line.ts';
import type { Incident } from '../../wire/api/incident.ts';
import { RecordingProblem } from './recording-problem.ts';

/** What a tab can hold without trouble: 48 bytes a sample. */
const MAX_SAMPLES = 2_000_000;
/** More servers than this in one file are not chosen from by hand. */
const MAX_SERVERS = 4096;
/** A rack keeps no more capsules of all its servers; of those of a server the newest are known. */
const MAX_HEADS = 256;

/** A line that is neither sample nor head. */
export interface BrokenLine {
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

/** One server of a file. */
export interface RecordedServer {
  readonly rackId: number;
  readonly serverId: number;
  readonly recording: Recording;
  /** The head of its capsule, of several the newest; null in a capture that is none. */
  readonly incident: Incident | null;
  /** The heads of all its capsules. */
  readonly incidents: readonly Incident[];
}

/** Received samples of a file, as NDJSON gives them: an incident capsule, or a capture as `netwatch analyze` reads it. */
export class RecordingFile {
  readonly name: string;
  readonly #recordings = new Map<string, Recording>();
  /** The newest first. */
  readonly #incidents = new Map<string, readonly Incident[]>();
  #lines = 0;
  #broken = 0;
  #samples = 0;
  #firstBroken: BrokenLine | null = null;
  #endSeconds = -Infinity;

  constructor(name: string) {
    this.name = name;
  }

  get samples(): number {
    return this.#samples;
  }

  /** Whether there is a head of a capsule. */
  get hasHead(): boolean {
    return this.#incidents.size > 0;
  }

  /** Lines that could not be read. */
  get broken(): number {
    return this.#broken;
  }

  get firstBroken(): BrokenLine | null {
    return this.#firstBroken;
  }

  /** Receive time of the newest sample of any server. */
  get endSeconds(): number {
    return this.#endSeconds;
  }

  /** By rack and server id, those with a capsule's head first. */
  servers(): readonly RecordedServer[] {
    const servers = [...this.#recordings].map(([key, recording]) => {
      const { rackId, serverId } = recording;
      const incidents = this.#incidents.get(key) ?? [];
      // Of several capsules of a server the newest says how it is heard, as it does when they are analyzed.
      const [incident = null] = incidents;
      return { rackId, serverId, recording, incident, incidents };
    });
    const isOther = ({ incident }: RecordedServer): number => (incident === null ? 1 : 0);
    return servers.toSorted((a, b) => isOther(a) - isOther(b) || a.rackId - b.rackId || a.serverId - b.serverId);
  }

  /**
   * Takes the next line; null is one that was too long.
   * @throws RecordingProblem when there are more samples or servers than a page can hold, or the file is compressed
   */
  take(text: string | null): void {
    this.#lines++;
    if (this.#lines === 1 && text !== null && isCompressed(text)) {
      throw new RecordingProblem(`${this.name} is compressed with gzip. Unpack it first, as with gunzip.`);
    }
    if (text?.trim() === '') return;
    const line = text === null ? 'too long' : parseRecordedLine(text);
    if (typeof line === 'string') {
      this.#broken++;
      this.#firstBroken ??= { line: this.#lines, problem: line };
    } else if (line.kind === 'head') this.#takeHead(line.head);
    else this.#takeSample(line.sample);
  }

  #takeHead(head: Incident): void {
    const key = keyOf(head);
    const heads = [...(this.#incidents.get(key) ?? []), head].toSorted((a, b) => b.detected - a.detected);
    this.#incidents.set(key, heads.slice(0, MAX_HEADS));
    this.#recordings.get(key)?.beginPart();
  }

  #takeSample(line: SampleLine): void {
    const key = keyOf(line);
    let recording = this.#recordings.get(key);
    if (recording === undefined) {
      if (this.#recordings.size === MAX_SERVERS)
        throw new RecordingProblem(`${this.name} has more than ${MAX_SERVERS} servers. ${SPLIT}`);
      recording = new Recording(line.rack_id, line.server_id);
      this.#recordings.set(key, recording);
    }
    recording.add(line);
    this.#samples++;
    if (this.#samples > MAX_SAMPLES)
      throw new RecordingProblem(`${this.name} has more than ${MAX_SAMPLES / 1e6} million samples. ${SPLIT}`);
    this.#endSeconds = Math.max(this.#endSeconds, line.recv_ts);
  }
}

/** What to do with what a page cannot hold. */
export const SPLIT = 'Split it by server or by time; “netwatch analyze” reads larger ones.';

function keyOf(of: Pick<SampleLine, 'rack_id' | 'server_id'>): string {
  return `${of.rack_id}/${of.server_id}`;
}
