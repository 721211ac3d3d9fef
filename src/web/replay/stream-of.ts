import type { Recording } from '../../analyze/recording.ts';
import { isToneAllowed, toneHz } from '../../core/frequency-plan.ts';
import { Stream, type StreamOptions } from '../../core/stream.ts';
import type { RecordedServer } from './recording-file.ts';
import { RecordingProblem } from './recording-problem.ts';

/** What racks use where nobody says otherwise. */
const USUAL_RATE_HZ = 20;
const USUAL_WINDOW_SLOTS = 256;
/** A measured rate so near to the usual one is that, with a timer that is a little off. */
const RATE_TOLERANCE = 0.1;
/** So many pairs of samples tell a rate. */
const RATE_PAIRS = 1000;
/** Windows that are judged. */
const FEWEST_SLOTS = 64;
const MOST_SLOTS = 4096;

/**
 * How a server is to be heard: as its capsule says, else with the default plan and the rate at which it was sent.
 * @throws RecordingProblem when no rack could hear it so
 */
export function streamOptions({ rackId, serverId, recording, incident }: RecordedServer): StreamOptions {
  const sampleRateHz = incident?.sample_rate_hz ?? sentRateHz(recording);
  const frequencyHz = incident?.expected_frequency_hz ?? toneHz({ kind: 'default' }, rackId, serverId);
  const windowSlots = incident?.window_slots ?? USUAL_WINDOW_SLOTS;
  const who = `Rack ${rackId} server ${serverId}`;
  if (!isToneAllowed(frequencyHz, sampleRateHz)) {
    throw new RecordingProblem(
      `${who} cannot be heard: its tone of ${frequencyHz.toFixed(2)} Hz is not below 0.45 × ${sampleRateHz} samples/s.`,
    );
  }
  if (!isPowerOfTwo(windowSlots) || windowSlots < FEWEST_SLOTS || windowSlots > MOST_SLOTS) {
    const allowed = `a power of two from ${FEWEST_SLOTS} to ${MOST_SLOTS}`;
    throw new RecordingProblem(`${who} cannot be heard: a window has ${allowed} slots, not ${windowSlots}.`);
  }
  // What was not authentic is not in a recording: the rack had refused it.
  return { rackId, serverId, frequencyHz, sampleRateHz, windowSlots, isAuthenticated: false };
}

/** A stream that has heard nothing yet. */
export function openStream(options: StreamOptions, name: string | null): Stream {
  const stream = new Stream(options);
  stream.name = name;
  return stream;
}

/** Rate at which the samples were sent, from their numbers and times; the usual one where it is near or cannot be told. */
function sentRateHz(recording: Recording): number {
  const rates: number[] = [];
  for (let at = 1; at < recording.length && rates.length < RATE_PAIRS; at++) {
    const [before, after] = [recording.sample(at - 1), recording.sample(at)];
    const slots = after.sequence - before.sequence;
    const seconds = after.sentSeconds - before.sentSeconds;
    if (slots > 0 && slots < 100 && seconds > 0) rates.push(slots / seconds);
  }
  const rate = rates.toSorted((a, b) => a - b)[rates.length >> 1] ?? USUAL_RATE_HZ;
  return Math.abs(rate / USUAL_RATE_HZ - 1) <= RATE_TOLERANCE ? USUAL_RATE_HZ : Number(rate.toPrecision(2));
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
