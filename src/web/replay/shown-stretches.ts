import { listenedUntilSeconds } from '../../analyze/listened-until.ts';
import { type Stretch, stretchesOf } from '../../analyze/stretches.ts';
import type { RecordedServer } from './recording-file.ts';

/** So long a silence is shown; the rest of a longer one is left out. */
export const SHOWN_SILENCE_SECONDS = 60;
/** A capsule goes on after its fault was found, though nothing may have come any more. */
const AFTER_DETECTION_SECONDS = 5;

/** What was recorded at one go, and until when it is shown. */
export interface ShownStretch {
  readonly order: Stretch;
  /** Receive time of its first sample, unix seconds. */
  readonly firstSeconds: number;
  readonly endSeconds: number;
}

/**
 * What there is of a server, in the order of time. A capture goes on as long as its file does; a capsule is over where
 * it ends, and what other capsules of the same file have says nothing of it.
 * @param fileEndSeconds receive time of the newest sample of any server in the file
 */
export function shownStretches(
  { recording, incidents }: RecordedServer,
  sampleRateHz: number,
  fileEndSeconds: number,
): readonly ShownStretch[] {
  const stretches = stretchesOf(recording, recording.arrivalOrder(), { sampleRateHz });
  return stretches.map((order, i) => {
    const last = recording.receivedSeconds(order.at(-1) ?? 0);
    const listenedUntil = Math.max(last, ...incidents.map((incident) => listenedUntilSeconds(incident, last)));
    const latest = listenedUntil > last ? listenedUntil + AFTER_DETECTION_SECONDS : last;
    const end = Math.min(
      incidents.length === 0 ? Math.max(fileEndSeconds, latest) : latest,
      last + SHOWN_SILENCE_SECONDS,
    );
    const next = stretches[i + 1]?.[0];
    return {
      order,
      firstSeconds: recording.receivedSeconds(order[0] ?? 0),
      endSeconds: next === undefined ? end : Math.min(end, recording.receivedSeconds(next)),
    };
  });
}
