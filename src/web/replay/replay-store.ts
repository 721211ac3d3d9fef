import { Store } from '../store/store.ts';
import type { HeardRecording } from './heard-recording.ts';
import type { RecordingFile } from './recording-file.ts';

/** A capsule of the controller's list. */
export interface CapsuleName {
  readonly rackId: number;
  readonly incidentId: string;
}

/** A recording that was read, and what one server of it sounded like. */
export interface OpenedRecording {
  readonly file: RecordingFile;
  readonly hearing: HeardRecording;
  /** Null: it came as a file. */
  readonly capsule: CapsuleName | null;
  /** It was still being recorded: there is more of it by now. */
  readonly isPartial: boolean;
}

/** Something on its way to be replayed. */
export interface Opening {
  readonly name: string;
  readonly doing: 'Fetching' | 'Reading' | 'Hearing';
  /** How much of that is done, 0 to 1; null where nobody knows. */
  readonly share: number | null;
  readonly cancel: () => void;
}

/** What is replayed; it stays while other views are shown. */
export const openedStore = new Store<OpenedRecording | null>(null);
/** What is on its way; null when nothing is. */
export const openingStore = new Store<Opening | null>(null);
/** Why the last one could not be opened; null when it could, or that was read. */
export const openingProblemStore = new Store<string | null>(null);
