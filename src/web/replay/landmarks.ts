import type { FaultKind, SharedFaultKind } from '../../core/verdict.ts';
import type { FaultSpan, HeardRecording } from './heard-recording.ts';
import { momentAt } from './playback.ts';

/** What a recording is about: a fault, its onset and when it was found, Unix seconds. */
export interface Landmarks {
  readonly kind: FaultKind;
  /** Of `rack-wide`: what most servers of the rack had, where the capsule says it. */
  readonly shared_kind?: SharedFaultKind;
  readonly since: number;
  readonly detected: number;
  /** Whether the rack told of it, when it happened; else it was found only now. */
  readonly isOfRack: boolean;
}

/** A fault that is found again so long after the rack had found it is shown from there on. */
const SOON_SECONDS = 5;

/** As its capsule says; in a capture the first fault, one that is worth a warning if there is any. Null: nothing is wrong in it. */
export function landmarksOf({ server, faults }: Pick<HeardRecording, 'server' | 'faults'>): Landmarks | null {
  const { incident } = server;
  if (incident !== null) {
    const { kind, shared_kind: shared, since, detected } = incident;
    return { kind, ...(shared === undefined ? {} : { shared_kind: shared }), since, detected, isOfRack: true };
  }
  const own = faults.filter(({ kind }) => kind !== 'observer');
  const first = own.find(({ severity }) => severity !== 'info') ?? own[0];
  return first === undefined ? null : { kind: first.kind, since: first.since, detected: first.found, isOfRack: false };
}

/** Where a replay begins: when the fault was found, else at the end, where most is known. */
export function firstMoment(hearing: HeardRecording): number {
  const { moments } = hearing;
  const landmarks = landmarksOf(hearing);
  if (landmarks === null) return moments.length - 1;
  const at = momentAt(moments, landmarks.detected);
  // What was found between two moments is shown in the one after.
  const found = (moments[at]?.seconds ?? 0) < landmarks.detected ? at + 1 : at;
  const again = foundAgain(hearing, landmarks)?.found ?? -Infinity;
  // With less of a past than the rack had, it may take a little longer.
  const isSoon = again - landmarks.detected <= SOON_SECONDS;
  return Math.min(isSoon ? Math.max(found, momentAt(moments, again)) : found, moments.length - 1);
}

/**
 * The span in which the capsule's own fault was found again; null when it was not. What a server had together with its
 * rack is found as its own: the others are not in the file.
 */
export function foundAgain(
  { faults }: Pick<HeardRecording, 'faults'>,
  { kind, shared_kind: shared, since }: Landmarks,
): FaultSpan | null {
  const own = shared ?? kind;
  return faults.find((span) => span.kind === own && (span.until === null || span.until >= since)) ?? null;
}
