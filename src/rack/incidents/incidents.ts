import type { RackConfig } from '../../config/rack.ts';
import type { Log } from '../../io/log.ts';
import { requireWritableDirectory } from '../../io/writable-directory.ts';
import type { IncidentDrop, IncidentRequestDrop } from '../../metrics/rejections.ts';
import type { IncidentRequest } from '../../wire/incident-request.ts';
import type { Listening } from '../listening.ts';
import type { Reporter } from '../reporter.ts';
import { IncidentDirectory } from './incident-directory.ts';
import { IncidentOutbox } from './incident-outbox.ts';
import { IncidentRecorder } from './incident-recorder.ts';

/** The capsules of a rack: made when faults begin, kept, and given to the datacenter. */
export interface Incidents {
  /** Capsules begun since the start. */
  readonly begun: number;
  /** Changes with the list of those that are kept; null where none are. */
  readonly revision: number | null;
  /** Bytes of all that are kept. */
  readonly bytes: number;
  dropped(reason: IncidentDrop): number;
  /** What the datacenter asked for and was not answered. */
  droppedRequests(reason: IncidentRequestDrop): number;
  /**
   * Takes up what an earlier process left behind.
   * @throws UserError when nothing can be written there
   */
  load(): Promise<void>;
  /** A new judgement was made. */
  judged(listening: Pick<Listening, 'verdicts' | 'faults' | 'servers'>, nowSeconds: number): void;
  /** To be called a few dozen times a second. */
  tick(reporter: Pick<Reporter, 'tell'>, nowSeconds: number): void;
  /** The datacenter asks for something; null: it is gone. */
  ask(request: IncidentRequest | null): void;
  /** Ends what is being recorded, and waits for the disk. */
  close(nowSeconds: number): Promise<void>;
}

/** Without a directory, none are made, and no datacenter hears of any. */
export function createIncidents(options: {
  readonly config: RackConfig;
  readonly version: string;
  readonly log: Log;
}): Incidents {
  const { incidentDir: directory } = options.config;
  return directory === null ? NO_INCIDENTS : new KeptIncidents({ ...options, directory });
}

const NO_INCIDENTS: Incidents = {
  begun: 0,
  revision: null,
  bytes: 0,
  dropped: () => 0,
  droppedRequests: () => 0,
  load: () => Promise.resolve(),
  judged: () => undefined,
  tick: () => undefined,
  ask: () => undefined,
  close: () => Promise.resolve(),
};

class KeptIncidents implements Incidents {
  readonly #path: string;
  readonly #directory: IncidentDirectory;
  readonly #outbox: IncidentOutbox;
  readonly #recorder: IncidentRecorder;
  #servers: Pick<Listening['servers'], 'get'> = new Map();

  constructor(options: {
    readonly config: RackConfig;
    readonly version: string;
    readonly log: Log;
    readonly directory: string;
  }) {
    const { config, version, log, directory } = options;
    const { rackId, windowSlots, incidentBytes: maxBytes, incidentSpanSeconds: spanSeconds } = config;
    let isTold = false;
    const onError = (error: unknown): void => {
      this.#recorder.drop('write-failed');
      // Once: what goes on is in the metrics.
      if (!isTold) log.error({ err: error, directory }, 'a capsule of an incident cannot be kept');
      isTold = true;
    };
    this.#path = directory;
    this.#directory = new IncidentDirectory({ directory, rackId, maxBytes, onError });
    this.#outbox = new IncidentOutbox({ rackId, directory: this.#directory });
    const servers = { get: (serverId: number) => this.#servers.get(serverId) };
    this.#recorder = new IncidentRecorder({
      rackId,
      version,
      windowSlots,
      directory: this.#directory,
      servers,
      spanSeconds,
    });
  }

  get begun(): number {
    return this.#recorder.begun;
  }

  get revision(): number {
    return this.#directory.revision;
  }

  get bytes(): number {
    return this.#directory.bytes;
  }

  dropped(reason: IncidentDrop): number {
    return this.#recorder.dropped(reason);
  }

  droppedRequests(reason: IncidentRequestDrop): number {
    return this.#outbox.dropped(reason);
  }

  async load(): Promise<void> {
    await requireWritableDirectory('--incident-dir', this.#path);
    await this.#directory.load();
  }

  judged({ verdicts, faults, servers }: Pick<Listening, 'verdicts' | 'faults' | 'servers'>, nowSeconds: number): void {
    this.#servers = servers;
    this.#recorder.judged(verdicts, faults, nowSeconds);
  }

  tick(reporter: Pick<Reporter, 'tell'>, nowSeconds: number): void {
    this.#recorder.tick(nowSeconds);
    this.#outbox.tick((line) => reporter.tell(line));
  }

  ask(request: IncidentRequest | null): void {
    this.#outbox.ask(request);
  }

  async close(nowSeconds: number): Promise<void> {
    this.#recorder.close(nowSeconds);
    await this.#directory.settled();
  }
}
