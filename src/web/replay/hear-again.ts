import type { Stream } from '../../core/stream.ts';
import type { Verdict } from '../../core/verdict.ts';
import { HOP_SECONDS, WindowAnalyzer } from '../../core/window-analyzer.ts';
import type { StreamFrame } from '../../wire/api/frame.ts';
import { frameOfStream } from '../../wire/frame-of-stream.ts';
import { FaultSpans } from './fault-spans.ts';
import { GrowingHistory } from './growing-history.ts';
import type { HeardRecording, Moment } from './heard-recording.ts';
import type { RecordedServer } from './recording-file.ts';
import { RecordingProblem } from './recording-problem.ts';
import type { Pacer } from './slices.ts';
import { SHOWN_SILENCE_SECONDS, type ShownStretch, shownStretches } from './shown-stretches.ts';
import { openStream, streamOptions } from './stream-of.ts';

/** As often as a rack sends frames to a page. */
const TICK_SECONDS = 0.5;
const TICKS_A_HOP = HOP_SECONDS / TICK_SECONDS;
/** More moments are not held, some 6 KiB each: what is longer than an hour is told less often. */
const MOST_MOMENTS = 8192;
/** Longest that is heard of one server: more than 64 MiB have at the usual rate. */
const MOST_HOURS = 24;
/** A rack forgets a server after so much silence; what comes then begins anew. */
const FORGET_SECONDS = 900;

/** One server of a recording, as it is heard again, half a second at a time. */
class Listener {
  readonly #server: RecordedServer;
  readonly #stretches: readonly ShownStretch[];
  readonly #analyzer: WindowAnalyzer;
  readonly #history = new GrowingHistory();
  readonly #faults = new FaultSpans();
  readonly #moments: Moment[] = [];
  readonly #pauses: [number, number][] = [];
  readonly #ticksAMoment: number;
  #stream: Stream;
  #verdict: Verdict | null = null;
  /** Which stretch is heard, and the next sample of it. */
  #at = 0;
  #next = 0;
  #heardSamples = 0;
  /** Time of tick 0, Unix seconds: below a second, so that ticks are judged at the times at which the rack did. */
  readonly #phaseSeconds: number;
  #tick: number;
  #turn = 0;

  constructor(server: RecordedServer, fileEndSeconds: number) {
    const { incident } = server;
    const options = streamOptions(server);
    this.#server = server;
    this.#stretches = shownStretches(server, options.sampleRateHz, fileEndSeconds);
    this.#analyzer = new WindowAnalyzer(options.windowSlots);
    this.#stream = openStream(options, incident?.name ?? null);
    this.#phaseSeconds = incident === null ? 0 : incident.detected % HOP_SECONDS;
    this.#tick = this.#firstTick();
    const ticks = this.#heardSeconds() / TICK_SECONDS;
    this.#ticksAMoment = Math.max(1, Math.ceil(ticks / MOST_MOMENTS));
  }

  /** Hears until the next half second. False: that is beyond the end. */
  step(): boolean {
    const seconds = this.#secondsOf(this.#tick);
    if (seconds > this.#stretch.endSeconds) return this.#goOn();
    this.#accept(seconds);
    if (this.#tick % TICKS_A_HOP === 0) this.#judge(seconds);
    if (this.#turn++ % this.#ticksAMoment === 0) this.#remember(seconds);
    this.#tick = this.#afterPause(this.#tick + 1);
    return true;
  }

  /** How much of the samples was heard, 0 to 1. */
  get share(): number {
    return this.#heardSamples / this.#server.recording.length;
  }

  /** @throws RecordingProblem when it was too short for a single moment */
  result(): HeardRecording {
    if (this.#moments.length === 0) {
      const { rackId, serverId } = this.#server;
      throw new RecordingProblem(
        `There is less than a second of rack ${rackId} server ${serverId}: too little to replay.`,
      );
    }
    return {
      server: this.#server,
      moments: this.#moments,
      stepSeconds: this.#ticksAMoment * TICK_SECONDS,
      history: this.#history,
      faults: this.#faults.all(),
      pauses: this.#pauses,
      recordings: this.#stretches.length,
    };
  }

  get #stretch(): ShownStretch {
    const stretch = this.#stretches[this.#at];
    if (stretch === undefined) throw new RangeError('a server without a sample cannot be heard');
    return stretch;
  }

  /** Begins to hear what was recorded next, with another stream: nobody listened in between. False: there is no more. */
  #goOn(): boolean {
    if (this.#at + 1 >= this.#stretches.length) return false;
    // What stood at its end is not known to have gone on.
    this.#faults.take([], this.#stretch.endSeconds);
    this.#at++;
    this.#next = 0;
    this.#verdict = null;
    this.#stream = openStream(this.#stream.options, this.#server.incident?.name ?? null);
    this.#tick = Math.max(this.#tick, this.#firstTick());
    return true;
  }

  #firstTick(): number {
    return Math.ceil((this.#stretch.firstSeconds - this.#phaseSeconds) / HOP_SECONDS) * TICKS_A_HOP;
  }

  /** Without what is left out. @throws RecordingProblem when that is too long */
  #heardSeconds(): number {
    const { recording, rackId, serverId } = this.#server;
    let seconds = 0;
    for (const { order } of this.#stretches) {
      let before = Number.NaN;
      seconds += SHOWN_SILENCE_SECONDS;
      for (const at of order) {
        const received = recording.receivedSeconds(at);
        if (!Number.isNaN(before)) seconds += Math.min(received - before, SHOWN_SILENCE_SECONDS);
        before = received;
      }
    }
    if (seconds <= MOST_HOURS * 3600) return seconds;
    throw new RecordingProblem(
      `There are more than ${MOST_HOURS} hours of rack ${rackId} server ${serverId}. Split the file by time; “netwatch analyze” reads longer ones.`,
    );
  }

  #accept(untilSeconds: number): void {
    const { recording, incident } = this.#server;
    const { order } = this.#stretch;
    for (; this.#next < order.length; this.#next++) {
      const at = order[this.#next] ?? 0;
      const receivedSeconds = recording.receivedSeconds(at);
      if (receivedSeconds > untilSeconds) return;
      if (receivedSeconds - this.#stream.lastHeardSeconds > FORGET_SECONDS) {
        this.#stream = openStream(this.#stream.options, incident?.name ?? null);
      }
      this.#stream.accept(recording.sample(at), receivedSeconds);
      this.#heardSamples++;
    }
  }

  #judge(seconds: number): void {
    const { verdict } = this.#analyzer.judge(this.#stream, seconds);
    this.#verdict = verdict;
    this.#history.add(verdict, seconds);
    this.#faults.take(verdict.faults, seconds);
  }

  #remember(seconds: number): void {
    const frame = frameOfStream({ stream: this.#stream, analyzer: this.#analyzer }, seconds);
    if (this.#verdict !== null) this.#moments.push({ seconds, frame: shown(frame), verdict: this.#verdict });
  }

  /** The tick to go on with: a long silence is not gone through. */
  #afterPause(tick: number): number {
    const seconds = this.#secondsOf(tick);
    const next = this.#stretch.order[this.#next];
    if (next === undefined) return tick;
    const nextSeconds = this.#server.recording.receivedSeconds(next);
    if (seconds - this.#stream.lastHeardSeconds < SHOWN_SILENCE_SECONDS || nextSeconds - seconds < 1) return tick;
    const after = Math.floor((nextSeconds - this.#phaseSeconds) / HOP_SECONDS) * TICKS_A_HOP;
    if (after <= tick) return tick;
    this.#pauses.push([seconds, this.#secondsOf(after)]);
    return after;
  }

  #secondsOf(tick: number): number {
    return tick * TICK_SECONDS + this.#phaseSeconds;
  }
}

/**
 * Lets a stream hear a server's recording as its rack did, judged every second, and keeps what there was to be seen.
 * @param fileEndSeconds receive time of the newest sample of any server in the file
 * @param pacer told how far it has come, 0 to 1
 * @throws RecordingProblem when it cannot be heard, or is too short
 */
export async function hearAgain(server: RecordedServer, fileEndSeconds: number, pacer: Pacer): Promise<HeardRecording> {
  const listener = new Listener(server, fileEndSeconds);
  // oxlint-disable-next-line no-await-in-loop -- one moment after the other, and the page in between
  while (listener.step()) await pacer.pause(listener.share);
  return listener.result();
}

/** A frame without what no view draws: it is half of its size. */
function shown(frame: StreamFrame): StreamFrame {
  return frame.window === null ? frame : { ...frame, window: { ...frame.window, in_phase: [], quadrature: [] } };
}
