import type { Sample } from '../core/sample.ts';
import type { Announcement } from '../wire/announcement.ts';
import { decodeDatagram } from '../wire/decode.ts';
import { isPlainSample, readSample } from '../wire/sample-datagram.ts';
import type { ArrivalHandler } from './arrival-ring.ts';
import type { Rejections } from './rejections.ts';
import type { HeldServer, ServerTable } from './server-table.ts';
import { NOTABLE_PAUSE_SECONDS } from './stamp-doubt.ts';

export interface IntakeOptions {
  readonly rackId: number;
  /** Null: datagrams are not authenticated. */
  readonly key: Buffer | null;
  /** Furthest an authenticated sample's send time may be from the rack's own time. */
  readonly maxClockOffsetSeconds: number;
  readonly servers: ServerTable;
  readonly rejections: Rejections;
  /** An agent announced another tone or rate than the plan gives it; told once for each of its starts. */
  readonly onMismatch: (announcement: Announcement, held: HeldServer) => void;
}

/** Brings datagrams to their streams; whatever does not belong to one is counted by reason. */
export function createIntake(options: IntakeOptions): ArrivalHandler {
  const { rackId, key, servers, rejections } = options;

  function takeSample(sample: Sample, stampSeconds: number, doubtSeconds: number): void {
    if (sample.rackId !== rackId) return rejections.add('wrong-rack');
    const offsetSeconds = Math.abs(stampSeconds - sample.sentSeconds);
    if (key !== null && offsetSeconds > options.maxClockOffsetSeconds) return rejections.add('stale');
    if (servers.isReplay(sample.serverId, sample.sentSeconds)) return rejections.add('replay');
    const held = servers.admit(sample.serverId, stampSeconds);
    if (typeof held === 'string') return rejections.add(held);
    // Where the rack itself was late, it holds nothing against the network that can be explained without it. After a
    // pause nobody knows when a sample came; what is late by less keeps its time, or the clock would learn from guesses.
    const isPause = doubtSeconds > NOTABLE_PAUSE_SECONDS;
    const { stream } = held;
    const receivedSeconds = isPause ? stream.likelyArrivalSeconds(sample, stampSeconds, doubtSeconds) : stampSeconds;
    stream.faults.delay.stampDoubtSeconds = isPause ? 0 : doubtSeconds;
    const acceptance = stream.accept(sample, receivedSeconds);
    if (acceptance === 'accepted' || acceptance === 'late') held.latency.observe(receivedSeconds - sample.sentSeconds);
    if (acceptance === 'replay' || acceptance === 'implausible') rejections.add(acceptance);
    else held.history?.add(sample, receivedSeconds);
  }

  function takeAnnouncement(announcement: Announcement, receivedSeconds: number): void {
    if (announcement.rackId !== rackId) return rejections.add('wrong-rack');
    const held = servers.admit(announcement.serverId, receivedSeconds);
    if (typeof held === 'string') return rejections.add(held);
    const { stream } = held;
    const isOurs = announcement.bootId === stream.bootId || !stream.isStarted || stream.isSilent(receivedSeconds);
    if (!isOurs) return;
    const isNews = held.announcement?.bootId !== announcement.bootId;
    held.announcement = announcement;
    stream.name = announcement.name;
    if (isNews && isMismatch(announcement, held)) options.onMismatch(announcement, held);
  }

  return (view, offset, length, receivedSeconds, doubtSeconds) => {
    if (key === null && isPlainSample(view, offset, length)) {
      const sample = readSample(view, offset);
      if (typeof sample === 'string') rejections.add(sample);
      else takeSample(sample, receivedSeconds, doubtSeconds);
      return;
    }
    // The slow forms need bytes of their own: the ring is shared memory, which text decoders and hashes refuse.
    const decoded = decodeDatagram(Buffer.from(new Uint8Array(view.buffer, offset, length)), { key });
    if (decoded.kind === 'rejected') rejections.add(decoded.reason);
    else if (decoded.kind === 'sample') takeSample(decoded.sample, receivedSeconds, doubtSeconds);
    else takeAnnouncement(decoded.announcement, receivedSeconds);
  };
}

function isMismatch({ frequencyHz, sampleRateHz }: Announcement, { stream }: HeldServer): boolean {
  const { options } = stream;
  return Math.abs(frequencyHz - options.frequencyHz) > 1e-6 || Math.abs(sampleRateHz - options.sampleRateHz) > 1e-6;
}
