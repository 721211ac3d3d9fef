import type { FaultKind } from '../../core/verdict.ts';
import { INCIDENT_ID } from '../../wire/incident-line.ts';

const FINISHED = '.ndjson';
/** What is still written, or was when its rack died. */
const UNFINISHED = '.ndjson.part';

/** `20270115T080000.250Z-r1-s3-delay-shift`: by name they are in the order of time. */
export function incidentId(of: { detected: number; rackId: number; serverId: number; kind: FaultKind }): string {
  const time = new Date(of.detected * 1000).toISOString().replaceAll(/[-:]/g, '');
  return `${time}-r${of.rackId}-s${of.serverId}-${of.kind}`;
}

/** The name of a capsule's file. */
export function incidentFileName(id: string, isComplete: boolean): string {
  return id + (isComplete ? FINISHED : UNFINISHED);
}

/** Which capsule of this rack a file of this name is; null: none. Several racks may share a directory. */
export function parseIncidentFileName(name: string, rackId: number): { id: string; isComplete: boolean } | null {
  const ending = [FINISHED, UNFINISHED].find((each) => name.endsWith(each));
  if (ending === undefined) return null;
  const id = name.slice(0, -ending.length);
  const isOurs = INCIDENT_ID.test(id) && id.includes(`-r${rackId}-s`);
  return isOurs ? { id, isComplete: ending === FINISHED } : null;
}
