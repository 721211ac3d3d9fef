import { isFrameLine, parseFrame } from '../../wire/frame-line.ts';
import type { Aggregate, LineRejection } from '../aggregate.ts';
import { Watches } from './watches.ts';

export interface RackLinesOptions {
  readonly aggregate: Pick<Aggregate, 'rack'>;
  readonly nowSeconds: () => number;
}

/** The connections of racks, as those who watch servers use them: requests go out, frames come in. */
export class RackLines {
  readonly watches: Watches;
  readonly #aggregate: RackLinesOptions['aggregate'];
  /** What writes to each connection that is open. */
  readonly #writers = new Map<number, (line: string) => void>();
  /** Over which connection each rack was last heard. */
  readonly #heardOn = new Map<number, number>();

  constructor({ aggregate, nowSeconds }: RackLinesOptions) {
    this.#aggregate = aggregate;
    this.watches = new Watches({ nowSeconds, say: (rackId, line) => this.#say(rackId, line) });
  }

  open(connection: number, write: (line: string) => void): void {
    this.#writers.set(connection, write);
  }

  close(connection: number): void {
    this.#writers.delete(connection);
    for (const [rackId, heardOn] of this.#heardOn) if (heardOn === connection) this.#heardOn.delete(rackId);
  }

  /** A report of the rack was taken. */
  heard(rackId: number, connection: number): void {
    if (this.#heardOn.get(rackId) === connection) return;
    this.#heardOn.set(rackId, connection);
    this.watches.connected(rackId);
  }

  isFrame(line: string): boolean {
    return isFrameLine(line);
  }

  /** Takes the line of a frame; why it was turned away, or null. */
  takeFrame(line: string, connection: number): LineRejection | null {
    const frame = parseFrame(line);
    if (frame === null) return 'bad-frame';
    if (this.#aggregate.rack(frame.rack_id)?.connection !== connection) return 'unwatched';
    return this.watches.take(frame) === 'unwatched' ? 'unwatched' : null;
  }

  #say(rackId: number, line: string): void {
    const connection = this.#aggregate.rack(rackId)?.connection ?? null;
    if (connection !== null) this.#writers.get(connection)?.(line);
  }
}
