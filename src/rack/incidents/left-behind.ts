import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncidentEntry } from '../../wire/api/incident.ts';
import { parseIncident } from '../../wire/incident-line.ts';
import { incidentFileName, parseIncidentFileName } from './incident-id.ts';

/** Longer than any head, and than any line of a capsule. */
const LOOK_BYTES = 4096;

/**
 * The capsules of a rack that lie in a directory, oldest first. What an earlier process did not finish is finished: its
 * last line may be half of one, and goes. What has no head is removed.
 * @throws Error when the directory cannot be read or written
 */
export async function findLeftBehind(directory: string, rackId: number): Promise<readonly IncidentEntry[]> {
  const found: IncidentEntry[] = [];
  const files = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isFile());
  for (const { name } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const parsed = parseIncidentFileName(name, rackId);
    if (parsed === null) continue;
    // oxlint-disable-next-line no-await-in-loop -- one after the other: there may be hundreds
    const entry = await takeUp(directory, parsed);
    if (entry !== null) found.push(entry);
  }
  return found;
}

async function takeUp(
  directory: string,
  { id, isComplete }: { readonly id: string; readonly isComplete: boolean },
): Promise<IncidentEntry | null> {
  const path = join(directory, incidentFileName(id, isComplete));
  const { head, bytes } = await look(path, !isComplete);
  const incident = parseIncident(head);
  if (incident?.incident_id !== id) {
    if (!isComplete) await rm(path, { force: true });
    return null;
  }
  if (!isComplete) await rename(path, join(directory, incidentFileName(id, true)));
  return { ...incident, bytes, is_complete: true };
}

/** The first line of a file and its length, once what follows its last newline is cut off. */
async function look(path: string, isToBeCut: boolean): Promise<{ head: string; bytes: number }> {
  const handle = await open(path, isToBeCut ? 'r+' : 'r');
  try {
    const { size } = await handle.stat();
    const first = Buffer.alloc(LOOK_BYTES);
    const { bytesRead } = await handle.read(first, 0, LOOK_BYTES, 0);
    const head = first.toString('utf8', 0, Math.max(first.indexOf('\n'), 0) || bytesRead);
    if (!isToBeCut) return { head, bytes: size };
    const start = Math.max(size - LOOK_BYTES, 0);
    const last = Buffer.alloc(LOOK_BYTES);
    const end = await handle.read(last, 0, LOOK_BYTES, start);
    const bytes = start + last.subarray(0, end.bytesRead).lastIndexOf('\n') + 1;
    await handle.truncate(bytes);
    return { head: bytes > 0 ? head : '', bytes };
  } finally {
    await handle.close();
  }
}
