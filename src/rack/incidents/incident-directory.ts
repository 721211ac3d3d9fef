import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Incident, IncidentEntry } from '../../wire/api/incident.ts';
import { MAX_INCIDENTS } from '../../wire/incident-answer.ts';
import { encodeIncident } from '../../wire/incident-line.ts';
import { incidentFileName } from './incident-id.ts';
import { findLeftBehind } from './left-behind.ts';

/** Longest capsule: two minutes of 100 samples/s. */
const MAX_INCIDENT_BYTES = 4 * 2 ** 20;
/** Most that waits to be written: a disk that is slower than that is as good as none. */
const MAX_UNWRITTEN_BYTES = 4 * 2 ** 20;

export interface IncidentDirectoryOptions {
  readonly directory: string;
  readonly rackId: number;
  /** Of all capsules of this rack. */
  readonly maxBytes: number;
  readonly maxIncidents?: number;
  /** A capsule, or what was there before, could not be written or read. */
  readonly onError: (error: unknown) => void;
}

/** A capsule that is being written. */
export interface IncidentFile {
  /** Takes whole lines; false: they find no room, or the disk failed, and the capsule ends here. */
  append(text: string): boolean;
  /** Nothing more comes. Idempotent. */
  finish(): void;
}

interface Held {
  readonly incident: Incident;
  /** Taken, and written of them. */
  takenBytes: number;
  writtenBytes: number;
  isComplete: boolean;
  isGone: boolean;
  handle: FileHandle | null;
}

/**
 * The capsules of a rack on its disk. Bounded in number and bytes: the oldest go first. Nobody waits for the disk; what is
 * to be done there is done in order, and what fails is told and goes.
 */
export class IncidentDirectory {
  /** Counts changes of the list. */
  revision = 0;
  readonly #options: IncidentDirectoryOptions;
  /** Oldest first. */
  #held: Held[] = [];
  #unwrittenBytes = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(options: IncidentDirectoryOptions) {
    this.#options = options;
  }

  /** Bytes of all capsules. */
  get bytes(): number {
    return this.#held.reduce((sum, { takenBytes }) => sum + takenBytes, 0);
  }

  /** Oldest first. */
  get entries(): readonly IncidentEntry[] {
    return this.#held.map(({ incident, writtenBytes, isComplete }) => ({
      ...incident,
      bytes: writtenBytes,
      is_complete: isComplete,
    }));
  }

  /** Takes up what an earlier process left behind, and makes the directory where there is none. */
  load(): Promise<void> {
    const { directory, rackId } = this.#options;
    return this.#then(async () => {
      await makeDirectory(directory);
      const found = await findLeftBehind(directory, rackId);
      const held = found.map(({ bytes, is_complete: isComplete, ...incident }) => ({
        incident,
        takenBytes: bytes,
        writtenBytes: bytes,
        isComplete,
        isGone: false,
        handle: null,
      }));
      this.#held = [...held, ...this.#held];
      this.revision++;
      this.#makeRoom(0);
    });
  }

  /** Begins a capsule; null: there is no room for one. */
  begin(incident: Incident): IncidentFile | null {
    const held: Held = { incident, takenBytes: 0, writtenBytes: 0, isComplete: false, isGone: false, handle: null };
    this.#held.push(held);
    this.revision++;
    const { directory } = this.#options;
    this.#do(held, async () => {
      await makeDirectory(directory);
      // Never through a link, never over what is there.
      held.handle = await open(this.#pathOf(held, false), 'wx', 0o600);
    });
    let isFinished = false;
    const file: IncidentFile = {
      append: (text) => !isFinished && this.#append(held, Buffer.from(text)),
      finish: () => {
        if (!isFinished) this.#finish(held);
        isFinished = true;
      },
    };
    if (file.append(`${encodeIncident(incident)}\n`)) return file;
    this.#remove(held);
    return null;
  }

  /**
   * Bytes of a capsule from an offset on, at most so many, and how many there are; null when there is no such capsule.
   * @throws Error when it cannot be read
   */
  async read(id: string, offset: number, maxBytes: number): Promise<{ data: Buffer; totalBytes: number } | null> {
    const held = this.#held.find(({ incident }) => incident.incident_id === id);
    if (held === undefined) return null;
    const totalBytes = held.writtenBytes;
    const length = Math.min(maxBytes, totalBytes - offset);
    if (length <= 0) return { data: Buffer.alloc(0), totalBytes };
    const handle = await this.#openToRead(held);
    if (handle === null) return null;
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return { data: buffer.subarray(0, bytesRead), totalBytes };
    } finally {
      await handle.close();
    }
  }

  /** Everything that was to be written is, or has failed. */
  async settled(): Promise<void> {
    await this.#work;
  }

  #append(held: Held, bytes: Buffer): boolean {
    if (held.isGone || held.takenBytes + bytes.length > MAX_INCIDENT_BYTES) return false;
    if (this.#unwrittenBytes + bytes.length > MAX_UNWRITTEN_BYTES || !this.#makeRoom(bytes.length)) return false;
    held.takenBytes += bytes.length;
    this.#unwrittenBytes += bytes.length;
    this.#do(held, async () => {
      await held.handle?.appendFile(bytes);
      held.writtenBytes += bytes.length;
    });
    void this.#then(() => {
      this.#unwrittenBytes -= bytes.length;
      return Promise.resolve();
    });
    return true;
  }

  #finish(held: Held): void {
    this.#do(held, async () => {
      await held.handle?.close();
      held.handle = null;
      await rename(this.#pathOf(held, false), this.#pathOf(held, true));
      held.isComplete = true;
      this.revision++;
    });
  }

  /** Lets the oldest go until there is room; false when there is nothing left that may go. */
  #makeRoom(bytes: number): boolean {
    const { maxBytes, maxIncidents = MAX_INCIDENTS } = this.#options;
    while (this.#held.length > maxIncidents || this.bytes + bytes > maxBytes) {
      const oldest = this.#held.find(({ isComplete }) => isComplete);
      if (oldest === undefined) return false;
      this.#remove(oldest);
    }
    return true;
  }

  #remove(held: Held): void {
    held.isGone = true;
    this.#held = this.#held.filter((other) => other !== held);
    this.revision++;
    void this.#then(async () => {
      await held.handle?.close();
      held.handle = null;
      await rm(this.#pathOf(held, held.isComplete), { force: true });
    });
  }

  /** Does something for a capsule in its turn; when that fails, the capsule goes. */
  #do(held: Held, work: () => Promise<void>): void {
    void this.#then(
      async () => {
        if (!held.isGone) await work();
      },
      (error) => {
        this.#remove(held);
        this.#options.onError(error);
      },
    );
  }

  #then(work: () => Promise<void>, onError = this.#options.onError): Promise<void> {
    this.#work = this.#work.then(work).catch(onError);
    return this.#work;
  }

  /** It may be renamed between the two tries, or be gone. */
  async #openToRead(held: Held): Promise<FileHandle | null> {
    const openAs = (isComplete: boolean) => open(this.#pathOf(held, isComplete), 'r').catch(() => null);
    return (await openAs(held.isComplete)) ?? openAs(true);
  }

  #pathOf({ incident }: Held, isComplete: boolean): string {
    return join(this.#options.directory, incidentFileName(incident.incident_id, isComplete));
  }
}

async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}
