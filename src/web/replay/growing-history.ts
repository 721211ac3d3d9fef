import type { ServerStatus, Verdict } from '../../core/verdict.ts';
import type { ServerHistory } from '../../wire/api/history.ts';

type Numbers = (number | null)[];

/** A server's past, which grows with every verdict. */
export class GrowingHistory implements ServerHistory {
  readonly timestamps: number[] = [];
  readonly status: ServerStatus[] = [];
  readonly spectral_error: Numbers = [];
  readonly snr_db: Numbers = [];
  readonly loss_ratio: Numbers = [];
  readonly delay_seconds: Numbers = [];
  readonly jitter_seconds: Numbers = [];

  /** Adds the verdict of a time, Unix seconds. */
  add(verdict: Verdict, seconds: number): void {
    this.timestamps.push(seconds);
    this.status.push(verdict.status);
    this.spectral_error.push(verdict.spectral_error);
    this.snr_db.push(verdict.snr_db);
    this.loss_ratio.push(verdict.loss_ratio);
    this.delay_seconds.push(verdict.delay_seconds);
    this.jitter_seconds.push(verdict.jitter_seconds);
  }
}

/** What of a history was known at a time. */
export function historyUntil(history: ServerHistory, seconds: number): ServerHistory {
  const next = history.timestamps.findIndex((at) => at > seconds);
  if (next === -1) return history;
  return {
    timestamps: history.timestamps.slice(0, next),
    status: history.status.slice(0, next),
    spectral_error: history.spectral_error.slice(0, next),
    snr_db: history.snr_db.slice(0, next),
    loss_ratio: history.loss_ratio.slice(0, next),
    delay_seconds: history.delay_seconds.slice(0, next),
    jitter_seconds: history.jitter_seconds.slice(0, next),
  };
}
