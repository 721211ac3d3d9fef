import type { Incident } from '../wire/api/incident.ts';

/** A silence begins with the last sample that came, give or take so much. */
const SINCE_TOLERANCE_SECONDS = 1;

/**
 * Until when a server was listened to for sure, unix seconds: until its last arrival, or until its fault was found where
 * nothing came from the beginning of the fault on. A capsule that ends anywhere else was cut off, and says nothing of
 * what came after.
 * @param incident the head of its capsule, if there is one
 * @param lastSeconds receive time of the last arrival there is
 */
export function listenedUntilSeconds(incident: Incident | null, lastSeconds: number): number {
  if (incident === null || Math.abs(lastSeconds - incident.since) > SINCE_TOLERANCE_SECONDS) return lastSeconds;
  return Math.max(lastSeconds, incident.detected);
}
