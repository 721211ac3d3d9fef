import type { Incident } from '../wire/api/incident.ts';
import { listenedUntilSeconds } from './listened-until.ts';
import type { Stream } from '../core/stream.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Judgement, WindowAnalyzer } from '../core/window-analyzer.ts';
import { FaultLog, MAX_RECORDED_FAULTS, type RecordedFault } from './fault-log.ts';
import type { Hearing } from './hearing.ts';
import { type Listener, playRecording } from './play-recording.ts';
import type { Recording } from './recording.ts';
import { type Stretch, stretchesOf } from './stretches.ts';

/** What is said of one server: the verdict of its last window, and something of all of them. */
export interface Analysis extends Pick<
  Verdict,
  | 'rack_id'
  | 'server_id'
  | 'expected_frequency_hz'
  | 'sample_rate_hz'
  | 'spectral_error'
  | 'snr_db'
  | 'loss_ratio'
  | 'delay_seconds'
  | 'jitter_seconds'
  | 'clock_skew_ppm'
  | 'status'
> {
  /** Lines of this server. */
  readonly samples: number;
  /** Windows judged, one a second, until the last sample. */
  readonly windows: number;
  readonly mean_spectral_error: number | null;
  /** Largest change of the delay, up or down, that any window saw. */
  readonly max_delay_shift_seconds: number | null;
  /** All that the server had from the first sample to the last, in the order in which it was found. */
  readonly faults: readonly RecordedFault[];
  /** Faults that were too many to be told. */
  readonly faults_left_out: number;
  /** Made at one go each: where capsules lie apart nobody listened between them, and each is heard by itself. */
  readonly recordings: number;
}

/** Listens to a recording as a rack does, and keeps what accumulates. */
class Listening implements Listener {
  readonly log = new FaultLog();
  windows = 0;
  errorSum = 0;
  maxShiftSeconds: number | null = null;
  readonly #analyzer: WindowAnalyzer;
  #changes = 0;

  constructor(analyzer: WindowAnalyzer) {
    this.#analyzer = analyzer;
  }

  onHop(stream: Stream, nowSeconds: number): void {
    const { spectral_error: error, delay_seconds: delay } = this.judge(stream, nowSeconds).verdict;
    if (error === null) return;
    this.windows++;
    this.errorSum += error;
    if (delay !== null) this.maxShiftSeconds = Math.max(this.maxShiftSeconds ?? 0, Math.abs(delay));
  }

  onSample(stream: Stream, nowSeconds: number): void {
    const hasChanged = stream.faults.changes !== this.#changes;
    if (hasChanged || this.log.isStanding('silent')) this.#look(stream, nowSeconds);
  }

  onQuiet(stream: Stream, nowSeconds: number): boolean {
    this.#look(stream, nowSeconds);
    return !this.log.isStanding('silent');
  }

  judge(stream: Stream, nowSeconds: number): Judgement {
    const judgement = this.#analyzer.judge(stream, nowSeconds);
    this.#changes = stream.faults.changes;
    this.log.tell(judgement.verdict.faults, nowSeconds);
    return judgement;
  }

  #look(stream: Stream, nowSeconds: number): void {
    this.log.tell(this.#analyzer.faults(stream, nowSeconds), nowSeconds);
    this.#changes = stream.faults.changes;
  }
}

export interface AnalyzeRecordingOptions {
  readonly hearing: Hearing;
  /** One for windows of this hearing. */
  readonly analyzer: WindowAnalyzer;
  /** Receive time of the newest sample in the file. */
  readonly fileEndSeconds: number;
  /** The heads of its capsules; empty where there are none. */
  readonly incidents: readonly Incident[];
}

/**
 * Lets a stream hear a recording again, judged every second as a rack does, and looked at whenever a fault may have
 * begun or ended. The last window ends with the server's last sample, since captures rarely end on one; but when the
 * rack is known to have listened in vain, or a capture goes on for a whole window without it, it is silent. Recordings
 * between which nobody listened are heard each by itself.
 */
export function analyzeRecording(recording: Recording, options: AnalyzeRecordingOptions): Analysis {
  const { hearing, incidents } = options;
  // Capsules of one server may overlap; then they have one arrival twice, which counts once.
  const order = incidents.length > 1 ? recording.arrivalOrder() : recording.receptionOrder();
  const stretches = stretchesOf(recording, order, hearing);
  const heard = stretches.map((stretch) => hear(recording, stretch, options));
  return describe(recording, heard);
}

/** What was made of one stretch of a recording. */
interface Heard {
  readonly listening: Listening;
  /** At its end. */
  readonly verdict: Verdict;
}

function hear(recording: Recording, order: Stretch, options: AnalyzeRecordingOptions): Heard {
  const { hearing, analyzer, fileEndSeconds, incidents } = options;
  const listening = new Listening(analyzer);
  const played = playRecording(recording, { order, hearing, listener: listening });
  const { stream, endSeconds } = played;
  listening.onHop(stream, endSeconds);
  // Capsules of others in the same file say nothing of this one: a capsule is over where it ends.
  const isLeftBehind =
    incidents.length === 0 && fileEndSeconds - endSeconds > hearing.windowSlots / hearing.sampleRateHz;
  const untilSeconds = Math.max(
    isLeftBehind ? fileEndSeconds : endSeconds,
    ...incidents.map((incident) => listenedUntilSeconds(incident, endSeconds)),
  );
  played.passUntil(untilSeconds);
  return { listening, verdict: listening.judge(stream, untilSeconds).verdict };
}

function describe(recording: Recording, heard: readonly Heard[]): Analysis {
  const { verdict } = heard.at(-1) ?? failNoSample();
  const listenings = heard.map(({ listening }) => listening);
  const faults = listenings.flatMap(({ log }) => log.faults);
  const told = faults.slice(0, MAX_RECORDED_FAULTS);
  const windows = sum(listenings.map((one) => one.windows));
  const shifts = listenings.flatMap(({ maxShiftSeconds }) => maxShiftSeconds ?? []);
  return {
    rack_id: recording.rackId,
    server_id: recording.serverId,
    expected_frequency_hz: verdict.expected_frequency_hz,
    sample_rate_hz: verdict.sample_rate_hz,
    samples: recording.length,
    windows,
    spectral_error: verdict.spectral_error,
    snr_db: verdict.snr_db,
    loss_ratio: verdict.loss_ratio,
    delay_seconds: verdict.delay_seconds,
    jitter_seconds: verdict.jitter_seconds,
    clock_skew_ppm: verdict.clock_skew_ppm,
    status: verdict.status,
    mean_spectral_error: windows === 0 ? null : sum(listenings.map(({ errorSum }) => errorSum)) / windows,
    max_delay_shift_seconds: shifts.length === 0 ? null : Math.max(...shifts),
    faults: told,
    faults_left_out: faults.length - told.length + sum(listenings.map(({ log }) => log.leftOut)),
    recordings: heard.length,
  };
}

function failNoSample(): never {
  throw new RangeError('a recording without a sample cannot be heard');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
