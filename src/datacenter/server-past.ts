import { SERVER_STATUSES, type Verdict } from '../core/verdict.ts';
import type { ServerHistory } from '../wire/api/history.ts';

const NUMBERS = ['spectral_error', 'snr_db', 'loss_ratio', 'delay_seconds', 'jitter_seconds'] as const;
/** No verdict at this place. */
const NONE = 0;
/** Of a single; what was rounded to it is not shown with more. */
const DIGITS = 6;

/** The recent past of a server: a ring of verdicts, whose places are those of its rack's ring. */
export class ServerPast {
  /** What an entry takes: five singles and a status. */
  static readonly ENTRY_BYTES = NUMBERS.length * 4 + 1;

  /** Five numbers a place; NaN for null. */
  readonly #numbers: Float32Array;
  /** Index of the status, counted from 1. */
  readonly #statuses: Uint8Array;
  /** How many verdicts there are. */
  count = 0;

  constructor(entries: number) {
    this.#numbers = new Float32Array(entries * NUMBERS.length);
    this.#statuses = new Uint8Array(entries);
  }

  /** No verdict at this place, whatever was there. */
  skip(at: number): void {
    if (this.isThere(at)) this.count--;
    this.#statuses[at] = NONE;
  }

  take(at: number, verdict: Verdict): void {
    this.skip(at);
    this.count++;
    this.#statuses[at] = SERVER_STATUSES.indexOf(verdict.status) + 1;
    for (const [column, name] of NUMBERS.entries()) {
      this.#numbers[at * NUMBERS.length + column] = verdict[name] ?? Number.NaN;
    }
  }

  isThere(at: number): boolean {
    return (this.#statuses[at] ?? NONE) !== NONE;
  }

  history(places: readonly number[]): Omit<ServerHistory, 'timestamps'> {
    const column = (name: (typeof NUMBERS)[number]): (number | null)[] => {
      const offset = NUMBERS.indexOf(name);
      return places.map((at) => {
        const value = this.#numbers[at * NUMBERS.length + offset] ?? Number.NaN;
        // A verdict may have a number that is finite as a double only.
        return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
      });
    };
    return {
      status: places.map((at) => SERVER_STATUSES[(this.#statuses[at] ?? NONE) - 1] ?? 'warming'),
      spectral_error: column('spectral_error'),
      snr_db: column('snr_db'),
      loss_ratio: column('loss_ratio'),
      delay_seconds: column('delay_seconds'),
      jitter_seconds: column('jitter_seconds'),
    };
  }
}
