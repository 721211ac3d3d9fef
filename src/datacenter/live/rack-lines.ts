import { isFrameLine, parseFrame } from '../../wire/frame-line.ts';
import { isIncidentAnswer, parseIncidentAnswer } from '../../wire/incident-answer.ts';
import type { Report } from '../../wire/report-lines.ts';
import type { Aggregate, LineRejection } from '../aggregate.ts';
import { Incidents } from '../incidents.ts';
import { Watches } from './watches.ts';

export interface RackLinesOptions {
  readonly aggregate: Pick<Aggregate, 'rack'>;
  readonly nowSeconds: () => number;
}

type Heard = Pick<Report, 'rack_id' | 'incident_revision'>;

/** The connections of racks, as those use them who watch servers or want capsules: requests go out, answers come in. */
export class RackLines {
  readonly watches: Watches;
  readonly incidents: Incidents;
  readonly #aggregate: RackLinesOptions['aggregate'];
  /** What writes to each connection that is open. */
  readonly #writers = new Map<number, (line: string) => void>();
  /** Over which connection each rack was last heard. */
  readonly #heardOn = new Map<number, number>();

  constructor({ aggregate, nowSeconds }: RackLinesOptions) {
    this.#aggregate = aggregate;
    this.watches = new Watches({ nowSeconds, say: (rackId, line) => this.#say(rackId, line) });
    this.incidents = new Incidents({ say: (rackId, line) => this.#say(rackId, line) });
  }

  open(connection: number, write: (line: string) => void): void {
    this.#writers.set(connection, write);
  }

  close(connection: number): void {
    this.#writers.delete(connection);
    for (const [rackId, heardOn] of this.#heardOn) if (heardOn === connection) this.#heardOn.delete(rackId);
  }

  /** A report of the rack was taken. */
  heard({ rack_id: rackId, incident_revision: revision }: Heard, connection: number): void {
    this.incidents.heard(rackId, revision, connection);
    if (this.#heardOn.get(rackId) === connection) return;
    this.#heardOn.set(rackId, connection);
    this.watches.connected(rackId);
    this.incidents.keepOnly((known) => this.#aggregate.rack(known) !== null);
  }

  /** Whether a line is an answer, not a report. */
  isAnswer(line: string): boolean {
    return isFrameLine(line) || isIncidentAnswer(line);
  }

  /** Takes the line of an answer; why it was turned away, or null. */
  takeAnswer(line: string, connection: number): LineRejection | null {
    return isFrameLine(line) ? this.#takeFrame(line, connection) : this.#takeIncidents(line, connection);
  }

  #takeIncidents(line: string, connection: number): LineRejection | null {
    const answer = parseIncidentAnswer(line);
    if (answer === null || this.#aggregate.rack(answer.rack_id)?.connection !== connection) return 'bad-incident';
    this.incidents.take(answer);
    return null;
  }

  #takeFrame(line: string, connection: number): LineRejection | null {
    const frame = parseFrame(line);
    if (frame === null) return 'bad-frame';
    if (this.#aggregate.rack(frame.rack_id)?.connection !== connection) return 'unwatched';
    return this.watches.take(frame) === 'unwatched' ? 'unwatched' : null;
  }

  /** False when there is no connection to write to. */
  #say(rackId: number, line: string): boolean {
    const connection = this.#aggregate.rack(rackId)?.connection ?? null;
    const write = connection === null ? undefined : this.#writers.get(connection);
    write?.(line);
    return write !== undefined;
  }
}
