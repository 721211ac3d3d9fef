import type { Incident } from '../../wire/api/incident.ts';
import { encodeIncidentSample } from '../../wire/incident-sample-line.ts';
import type { HistoryReader } from './arrival-history.ts';
import type { IncidentFile } from './incident-directory.ts';

/** What arrived is taken this often, and sooner where more of the history was not read than this. */
const TAKE_SECONDS = 1;
const TAKE_SHARE = 0.25;

export interface RecordingOptions {
  readonly incident: Incident;
  readonly file: IncidentFile;
  /** At the oldest arrival that is held. */
  readonly reader: HistoryReader;
  /** How much of what came before the fault began, and after it was found. */
  readonly spanSeconds: number;
}

/** One capsule on its way to the disk. */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #endSeconds: number;
  #takenSeconds = Number.NEGATIVE_INFINITY;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#endSeconds = options.incident.detected + options.spanSeconds;
  }

  /** 0: nothing is to be done yet; the more, the sooner. */
  urgency(nowSeconds: number): number {
    const { unreadShare } = this.#options.reader;
    const isDue = nowSeconds - this.#takenSeconds >= TAKE_SECONDS || nowSeconds >= this.#endSeconds;
    return isDue || unreadShare >= TAKE_SHARE ? 1 + unreadShare : 0;
  }

  /** Takes what arrived; false when that was the last of it. */
  take(nowSeconds: number): boolean {
    const { reader, file, incident, spanSeconds } = this.#options;
    const { rack_id: rackId, server_id: serverId, since } = incident;
    const lines: string[] = [];
    reader.drain((sample, receivedSeconds) => {
      if (receivedSeconds < since - spanSeconds || receivedSeconds > this.#endSeconds) return;
      lines.push(encodeIncidentSample({ rackId, serverId, ...sample }, receivedSeconds));
    });
    this.#takenSeconds = nowSeconds;
    const hasRoom = lines.length === 0 || file.append(`${lines.join('\n')}\n`);
    return hasRoom && nowSeconds < this.#endSeconds;
  }

  finish(): void {
    this.#options.file.finish();
  }
}
