import type { IncidentRequestDrop } from '../../metrics/rejections.ts';
import { encodeIncidentAnswer, MAX_PART_BYTES } from '../../wire/incident-answer.ts';
import type { IncidentRequest } from '../../wire/incident-request.ts';
import type { IncidentDirectory } from './incident-directory.ts';

/** Requests that wait; whoever asks waits for each part before the next, so they are as many as downloads. */
const MAX_REQUESTS = 8;

export interface IncidentOutboxOptions {
  readonly rackId: number;
  readonly directory: Pick<IncidentDirectory, 'entries' | 'revision' | 'read'>;
}

/** Answers a datacenter that asks for capsules, one line at a time, whenever its connection has nothing better to do. */
export class IncidentOutbox {
  readonly #options: IncidentOutboxOptions;
  #requests: IncidentRequest[] = [];
  /** An answer that waits for the connection. */
  #ready: string | null = null;
  #isReading = false;
  /** Counts connections: what was read for one is not told to the next. */
  #connection = 0;
  readonly #dropped = new Map<IncidentRequestDrop, number>();

  constructor(options: IncidentOutboxOptions) {
    this.#options = options;
  }

  /** Requests that are not answered, since the start. */
  dropped(reason: IncidentRequestDrop): number {
    return this.#dropped.get(reason) ?? 0;
  }

  /** Takes a request; one for another rack, or one too many, is counted and not answered. Null: the connection is gone. */
  ask(request: IncidentRequest | null): void {
    if (request === null) this.#forget();
    else if (request.rack_id !== this.#options.rackId) this.#drop('other-rack');
    else if (this.#requests.length >= MAX_REQUESTS) this.#drop('too-many');
    else this.#requests.push(request);
  }

  /** @param tell writes a line, or gives false when the connection has better to do */
  tick(tell: (line: string) => boolean): void {
    if (this.#ready !== null && tell(this.#ready)) this.#ready = null;
    if (this.#ready === null && !this.#isReading) void this.#readNext();
  }

  #drop(reason: IncidentRequestDrop, count = 1): void {
    this.#dropped.set(reason, this.dropped(reason) + count);
  }

  #forget(): void {
    // What is being read is counted once that turns out to be in vain.
    this.#drop('disconnected', this.#requests.length + (this.#ready === null ? 0 : 1));
    this.#connection++;
    this.#requests = [];
    this.#ready = null;
  }

  async #readNext(): Promise<void> {
    const request = this.#requests.shift();
    if (request === undefined) return;
    const connection = this.#connection;
    this.#isReading = true;
    const answer = await this.#read(request);
    this.#isReading = false;
    if (connection === this.#connection) this.#ready = answer;
    else this.#drop('disconnected');
  }

  async #read({ incident_id: id, request_id: requestId, offset }: IncidentRequest): Promise<string> {
    const { rackId, directory } = this.#options;
    if (id === null) {
      const { revision, entries: incidents } = directory;
      return encodeIncidentAnswer({ type: 'incidents', rack_id: rackId, revision, incidents });
    }
    const about = { type: 'incident-part', rack_id: rackId, request_id: requestId, offset } as const;
    // What cannot be read is as good as gone.
    const part = await directory.read(id, offset, MAX_PART_BYTES).catch(() => null);
    if (part === null) return encodeIncidentAnswer({ ...about, total_bytes: null, data: '' });
    return encodeIncidentAnswer({ ...about, total_bytes: part.totalBytes, data: part.data.toString('base64') });
  }
}
