import type { Incident } from '../wire/api/incident.ts';
import { listenedUntilSeconds } from './listened-until.ts';
import type { Stream } from '../core/stream.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Judgement, WindowAnalyzer } from '../core/window-analyzer.ts';
import { FaultLog, type RecordedFault } from './fault-log.ts';
import type { Hearing } from './hearing.ts';
import { type Listener, playRecording } from './play-recording.ts';
import type { Recording } from './recording.ts';

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
}

/** Listens to a recording as a rack does, and keeps what accumulates. */
class Listening implements Listener {
  readonly log = new FaultLog();
  windows = 0;
  maxShiftSeconds: number | null = null;
  readonly #analyzer: WindowAnalyzer;
  #errorSum = 0;
  #changes = 0;

  constructor(analyzer: WindowAnalyzer) {
    this.#analyzer = analyzer;
  }

  get meanError(): number | null {
    return this.windows === 0 ? null : this.#errorSum / this.windows;
  }

  onHop(stream: Stream, nowSeconds: number): void {
    const { spectral_error: error, delay_seconds: delay } = this.judge(stream, nowSeconds).verdict;
    if (error === null) return;
    this.windows++;
    this.#errorSum += error;
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
  /** The head of its capsule, or the newest of several; null where there is none. */
  readonly incident: Incident | null;
  /** True where the recording may have one arrival twice, as capsules that overlap have: it counts once. */
  readonly hasCopies: boolean;
}

/**
 * Lets a stream hear a recording again, judged every second as a rack does, and looked at whenever a fault may have
 * begun or ended. The last window ends with the server's last sample, since captures rarely end on one; but when the
 * file goes on for a whole window without it, or the rack is known to have listened in vain, it is silent.
 */
export function analyzeRecording(recording: Recording, options: AnalyzeRecordingOptions): Analysis {
  const { hearing, analyzer, fileEndSeconds, incident, hasCopies } = options;
  const listening = new Listening(analyzer);
  const order = hasCopies ? recording.arrivalOrder() : recording.receptionOrder();
  const played = playRecording(recording, { order, hearing, listener: listening });
  const { stream, endSeconds } = played;
  listening.onHop(stream, endSeconds);
  const isLeftBehind = fileEndSeconds - endSeconds > hearing.windowSlots / hearing.sampleRateHz;
  const untilSeconds = Math.max(isLeftBehind ? fileEndSeconds : endSeconds, listenedUntilSeconds(incident, endSeconds));
  played.passUntil(untilSeconds);
  return describe(recording, listening, listening.judge(stream, untilSeconds));
}

function describe(recording: Recording, listening: Listening, { verdict }: Judgement): Analysis {
  return {
    rack_id: recording.rackId,
    server_id: recording.serverId,
    expected_frequency_hz: verdict.expected_frequency_hz,
    sample_rate_hz: verdict.sample_rate_hz,
    samples: recording.length,
    windows: listening.windows,
    spectral_error: verdict.spectral_error,
    snr_db: verdict.snr_db,
    loss_ratio: verdict.loss_ratio,
    delay_seconds: verdict.delay_seconds,
    jitter_seconds: verdict.jitter_seconds,
    clock_skew_ppm: verdict.clock_skew_ppm,
    status: verdict.status,
    mean_spectral_error: listening.meanError,
    max_delay_shift_seconds: listening.maxShiftSeconds,
    faults: listening.log.faults,
    faults_left_out: listening.log.leftOut,
  };
}
