import type { Verdict } from '../../core/verdict.ts';
import type { StreamFrame } from '../../wire/api/frame.ts';
import type { ServerHistory } from '../../wire/api/history.ts';
import type { ServerChange, ServerSnapshot } from '../../wire/api/socket.ts';
import { FrameRing } from './frame-ring.ts';

/** Values of a server's history that are kept: 15 minutes at one a second. */
const SERVER_HISTORY_LENGTH = 900;

/** All that is known of a watched server. Another object after every change, except for its ring of frames. */
export interface ServerFeed {
  readonly rackId: number;
  readonly serverId: number;
  /** Null before the first snapshot, or when the controller does not know the server. */
  readonly verdict: Verdict | null;
  readonly history: ServerHistory;
  /** The newest; null before the first. */
  readonly frame: StreamFrame | null;
  /** The last five minutes that this page saw, oldest first; the same ring for the life of the feed. */
  readonly frames: FrameRing;
  /** The snapshot has come. */
  readonly isKnown: boolean;
  /** Why the controller does not send it; null when it does. */
  readonly problem: string | null;
}

const NO_HISTORY: ServerHistory = {
  timestamps: [],
  status: [],
  spectral_error: [],
  snr_db: [],
  loss_ratio: [],
  delay_seconds: [],
  jitter_seconds: [],
};

/** The feed before anything came. */
export function emptyFeed(rackId: number, serverId: number): ServerFeed {
  const nothing = { verdict: null, history: NO_HISTORY, frame: null, isKnown: false, problem: null };
  return { rackId, serverId, frames: new FrameRing(), ...nothing };
}

/** Frames seen before a reconnection stay. */
export function feedOf(feed: ServerFeed, { verdict, history }: ServerSnapshot): ServerFeed {
  return { ...feed, verdict, history, isKnown: true, problem: null };
}

/** @param nowSeconds the controller's clock; the time of a verdict that came without one */
export function changeFeed(feed: ServerFeed, change: ServerChange, nowSeconds: number): ServerFeed {
  const { verdict = feed.verdict, frame = feed.frame, timestamp = nowSeconds } = change;
  if (change.frame !== undefined) feed.frames.push(change.frame);
  const history = change.verdict === undefined ? feed.history : continued(feed.history, change.verdict, timestamp);
  return { ...feed, verdict, frame, history };
}

function continued(known: ServerHistory, verdict: Verdict, timestamp: number): ServerHistory {
  if (timestamp <= (known.timestamps.at(-1) ?? -Infinity)) return known;
  const add = <T>(values: readonly T[], value: T): readonly T[] => [...values, value].slice(-SERVER_HISTORY_LENGTH);
  return {
    timestamps: add(known.timestamps, timestamp),
    status: add(known.status, verdict.status),
    spectral_error: add(known.spectral_error, verdict.spectral_error),
    snr_db: add(known.snr_db, verdict.snr_db),
    loss_ratio: add(known.loss_ratio, verdict.loss_ratio),
    delay_seconds: add(known.delay_seconds, verdict.delay_seconds),
    jitter_seconds: add(known.jitter_seconds, verdict.jitter_seconds),
  };
}
