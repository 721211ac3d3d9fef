import { agoWords, NARROW_SPACE, spanWords, timeWords } from '../words/number-words.ts';
import { incidentName } from '../words/incident-name.ts';
import { serverWords } from '../words/server-words.ts';
import type { FaultSpan, HeardRecording } from './heard-recording.ts';
import type { Landmarks } from './landmarks.ts';
import type { RecordingFile } from './recording-file.ts';

/** Local date: `2026-11-21`. */
export function dayWords(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
}

/** Which server is heard again, and of when: `rack 2, server 5 (db-17), 2026-11-21, 12:02:11 to 12:04:11`. */
export function recordingWords({ server, moments }: Pick<HeardRecording, 'server' | 'moments'>): string {
  const [from, until] = [moments[0]?.seconds ?? 0, moments.at(-1)?.seconds ?? 0];
  const who = serverWords(server.rackId, server.serverId, server.incident?.name ?? null);
  const [day, lastDay] = [dayWords(from), dayWords(until)];
  const end = day === lastDay ? timeWords(until) : `${lastDay} ${timeWords(until)}`;
  return `${who.replace(/^Rack/, 'rack')}, ${day}, ${timeWords(from)} to ${end}`;
}

/** A moment beside the fault: `4 s after the fault began`; empty where there is none. */
export function besideWords(seconds: number, landmarks: Landmarks | null): string {
  if (landmarks === null) return '';
  const after = Math.floor(seconds) - Math.floor(landmarks.since);
  if (after === 0) return 'as the fault began';
  return `${agoWords(Math.abs(after))} ${after > 0 ? 'after' : 'before'} the fault began`;
}

/** What the recording is about, in sentences. `again`: the span in which it was found again; null when it was not. */
export function landmarkWords(landmarks: Landmarks | null, again: FaultSpan | null): readonly string[] {
  if (landmarks === null) return ['No fault is found in this recording.'];
  const { since, detected, isOfRack } = landmarks;
  const who = isOfRack ? 'The rack found' : 'Found when heard again:';
  const found = `${timeWords(detected)}, ${spanWords(Math.max(0, detected - since))} later`;
  const sentence = `${who} ${incidentName(landmarks)}. It began at ${timeWords(since)} and was found at ${found}.`;
  if (!isOfRack || again !== null) return [sentence];
  return [
    sentence,
    `Heard again it is not found: the rack knew more of this server than the file has, or saw others beside it.`,
  ];
}

/** What of a file was read, and what was not. */
export function fileWords({
  name,
  samples,
  broken,
  firstBroken,
}: Pick<RecordingFile, 'name' | 'samples' | 'broken' | 'firstBroken'>): string {
  const read = `${name}: ${samples} samples`;
  if (firstBroken === null) return `${read}.`;
  const [lines, first] = broken === 1 ? ['line', 'it is'] : ['lines', 'the first is'];
  return `${read}; ${broken} ${lines} could not be read, ${first} line ${firstBroken.line}: ${firstBroken.problem}.`;
}

/** What a listener had to leave out, or assume. */
export function hearingNotes({ server, stepSeconds, pauses, moments, recordings }: HeardRecording): readonly string[] {
  const notes: string[] = [];
  const { incident } = server;
  if (incident === null) {
    const verdict = moments[0]?.verdict;
    const [tone, rate] = [verdict?.expected_frequency_hz ?? 0, verdict?.sample_rate_hz ?? 0];
    notes.push(
      `The file does not say how to hear it: taken are ${rate.toFixed(0)} samples a second and the tone of the default plan, ${tone.toFixed(2)} Hz.`,
    );
  }
  if (recordings > 1) {
    notes.push(
      `The file has ${recordings} recordings of this server. Each is heard by itself: between them nobody listened.`,
    );
  }
  if (stepSeconds > 0.5) notes.push(`It is long: shown is a moment every ${spanWords(stepSeconds)}.`);
  const skipped = pauses.reduce((sum, [from, until]) => sum + until - from, 0);
  if (skipped > 0) notes.push(`${agoWords(skipped)} in which nothing came are left out.`);
  return notes;
}

/** A file's size: `431 KB`, `1.2 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes}${NARROW_SPACE}B`;
  return bytes < 999_500
    ? `${Math.round(bytes / 1000)}${NARROW_SPACE}kB`
    : `${(bytes / 1e6).toFixed(1)}${NARROW_SPACE}MB`;
}
