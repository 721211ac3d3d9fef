import type { Fault, Verdict } from '../../core/verdict.ts';
import type { StreamFrame } from '../../wire/api/frame.ts';
import type { ServerHistory } from '../../wire/api/history.ts';
import type { RecordedServer } from './recording-file.ts';

/** What a server sounded like at a moment, and what a rack would have said of it. */
export interface Moment {
  /** Unix seconds, the rack's clock. */
  readonly seconds: number;
  readonly frame: StreamFrame;
  /** Of the second that began last. */
  readonly verdict: Verdict;
}

/** A fault for as long as it stood. */
export interface FaultSpan {
  readonly kind: Fault['kind'];
  readonly severity: Fault['severity'];
  /** When it began, and when the verdict first told of it, Unix seconds. */
  readonly since: number;
  readonly found: number;
  /** Null: it stood at the end. */
  readonly until: number | null;
}

/** A server's recording, heard again. */
export interface HeardRecording {
  readonly server: RecordedServer;
  /** In the order of time, at least one. */
  readonly moments: readonly Moment[];
  /** Time between two moments where nothing was left out. */
  readonly stepSeconds: number;
  /** A value a second. */
  readonly history: ServerHistory;
  /** By their onset. */
  readonly faults: readonly FaultSpan[];
  /** Where pauses were left out, Unix seconds: from, and until. */
  readonly pauses: readonly (readonly [from: number, until: number])[];
  /** How many recordings of the server the file has between which nobody listened; each is heard by itself. */
  readonly recordings: number;
}
