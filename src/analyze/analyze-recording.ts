import { toneHz } from '../core/frequency-plan.ts';
import { Stream } from '../core/stream.ts';
import type { Verdict } from '../core/verdict.ts';
import { HOP_SECONDS, type Judgement, type WindowAnalyzer } from '../core/window-analyzer.ts';
import type { AnalyzeConfig } from '../config/analyze.ts';
import type { Recording } from './recording.ts';

/** A rack forgets a server after so much silence; what comes then begins anew. */
const FORGET_SECONDS = 900;

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
}

/** What accumulates over the windows of one server. */
class Tally {
  windows = 0;
  maxShiftSeconds: number | null = null;
  #errorSum = 0;

  add({ verdict }: Judgement): void {
    const { spectral_error: error, delay_seconds: delay } = verdict;
    if (error === null) return;
    this.windows++;
    this.#errorSum += error;
    if (delay !== null) this.maxShiftSeconds = Math.max(this.maxShiftSeconds ?? 0, Math.abs(delay));
  }

  get meanError(): number | null {
    return this.windows === 0 ? null : this.#errorSum / this.windows;
  }
}

/**
 * Lets a stream hear a recording again, judged every second as a rack does.
 * @param fileEndSeconds receive time of the newest sample in the file. The last window ends with the server's last
 *   sample, since captures rarely end on one; but when the file goes on for a whole window without it, it is silent.
 */
export function analyzeRecording(
  recording: Recording,
  config: AnalyzeConfig,
  analyzer: WindowAnalyzer,
  fileEndSeconds: number,
): Analysis {
  const windowSeconds = config.windowSlots / config.sampleRateHz;
  const order = recording.receptionOrder();
  const end = recording.receivedSeconds(order.at(-1) ?? 0);
  const tally = new Tally();
  let stream = openStream(recording, config);
  let hop = recording.receivedSeconds(order[0] ?? 0) + HOP_SECONDS;
  for (const at of order) {
    const receivedSeconds = recording.receivedSeconds(at);
    for (; hop < receivedSeconds; hop += HOP_SECONDS) {
      tally.add(analyzer.judge(stream, hop));
      // Once the window has emptied there is nothing more to judge: a pause of the recording is told once, not by the hour.
      if (hop - stream.lastHeardSeconds > windowSeconds) hop = receivedSeconds;
    }
    if (receivedSeconds - stream.lastHeardSeconds > FORGET_SECONDS) stream = openStream(recording, config);
    stream.accept(recording.sample(at), receivedSeconds);
  }
  const last = analyzer.judge(stream, end);
  tally.add(last);
  const isLeftBehind = fileEndSeconds - end > windowSeconds;
  return describe(recording, tally, isLeftBehind ? analyzer.judge(stream, fileEndSeconds) : last);
}

function openStream({ rackId, serverId }: Recording, config: AnalyzeConfig): Stream {
  return new Stream({
    rackId,
    serverId,
    frequencyHz: toneHz(config.frequencyPlan, rackId, serverId),
    sampleRateHz: config.sampleRateHz,
    windowSlots: config.windowSlots,
    isAuthenticated: false,
  });
}

function describe(recording: Recording, tally: Tally, { verdict }: Judgement): Analysis {
  return {
    rack_id: recording.rackId,
    server_id: recording.serverId,
    expected_frequency_hz: verdict.expected_frequency_hz,
    sample_rate_hz: verdict.sample_rate_hz,
    samples: recording.length,
    windows: tally.windows,
    spectral_error: verdict.spectral_error,
    snr_db: verdict.snr_db,
    loss_ratio: verdict.loss_ratio,
    delay_seconds: verdict.delay_seconds,
    jitter_seconds: verdict.jitter_seconds,
    clock_skew_ppm: verdict.clock_skew_ppm,
    status: verdict.status,
    mean_spectral_error: tally.meanError,
    max_delay_shift_seconds: tally.maxShiftSeconds,
  };
}
