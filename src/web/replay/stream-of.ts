import { DEFAULT_HEARING, hearingOf, hearingProblem } from '../../analyze/hearing.ts';
import type { Recording } from '../../analyze/recording.ts';
import { Stream, type StreamOptions } from '../../core/stream.ts';
import type { RecordedServer } from './recording-file.ts';
import { RecordingProblem } from './recording-problem.ts';

/** A measured rate so near to the usual one is that, with a timer that is a little off. */
const RATE_TOLERANCE = 0.1;
/** So many pairs of samples tell a rate. */
const RATE_PAIRS = 1000;

/**
 * How a server is to be heard: as its capsule says, else with the default plan and the rate at which it was sent.
 * @throws RecordingProblem when no rack could hear it so
 */
export function streamOptions({ rackId, serverId, recording, incident }: RecordedServer): StreamOptions {
  const sampleRateHz = incident === null ? sentRateHz(recording) : null;
  const hearing = hearingOf(recording, incident, { sampleRateHz, frequencyPlan: null, windowSlots: null });
  const problem = hearingProblem(hearing);
  if (problem !== null) throw new RecordingProblem(`Rack ${rackId} server ${serverId} cannot be heard: ${problem}.`);
  // What was not authentic is not in a recording: the rack had refused it.
  return { rackId, serverId, ...hearing, isAuthenticated: false };
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
  const rate = rates.toSorted((a, b) => a - b)[rates.length >> 1] ?? DEFAULT_HEARING.sampleRateHz;
  return Math.abs(rate / DEFAULT_HEARING.sampleRateHz - 1) <= RATE_TOLERANCE
    ? DEFAULT_HEARING.sampleRateHz
    : Number(rate.toPrecision(2));
}
