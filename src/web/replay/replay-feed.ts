import { FrameRing, FRAMES_KEPT } from '../store/frame-ring.ts';
import type { ServerFeed } from '../store/server-feed.ts';
import { historyUntil } from './growing-history.ts';
import type { HeardRecording } from './heard-recording.ts';

/** What the views of a live server would have been given at each moment of a recording. */
export class ReplayFeed {
  readonly #hearing: HeardRecording;
  #ring = new FrameRing();
  #at = -1;

  constructor(hearing: HeardRecording) {
    this.#hearing = hearing;
  }

  /**
   * The feed at a moment. On the way forward the ring of frames is the same and grows, so that a waterfall draws only
   * what is new; backward, or far ahead, it is another one.
   */
  at(index: number): ServerFeed {
    const { moments, history, server } = this.#hearing;
    if (index < this.#at || index - this.#at > FRAMES_KEPT) {
      this.#ring = new FrameRing();
      this.#at = Math.max(-1, index - FRAMES_KEPT);
    }
    for (; this.#at < index; this.#at++) {
      const next = moments[this.#at + 1];
      if (next !== undefined) this.#ring.push(next.frame);
    }
    const moment = moments[index];
    return {
      rackId: server.rackId,
      serverId: server.serverId,
      verdict: moment?.verdict ?? null,
      history: historyUntil(history, moment?.seconds ?? -Infinity),
      frame: moment?.frame ?? null,
      frames: this.#ring,
      isKnown: true,
      problem: null,
    };
  }
}
