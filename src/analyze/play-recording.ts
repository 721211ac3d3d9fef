import { Stream } from '../core/stream.ts';
import { HOP_SECONDS } from '../core/window-analyzer.ts';
import type { Hearing } from './hearing.ts';
import type { Recording } from './recording.ts';

/** A rack forgets a server after so much silence; what comes then begins anew. */
const FORGET_SECONDS = 900;
/** Silence is looked for as soon as it can be there, and then whenever it is longer by this factor. */
const QUIET_FACTOR = 1.1;
/** Longer than any loss makes a stream wait until it is called silent. */
const MAX_QUIET_SECONDS = 60;
/** The first moment at which it is silent, not the last at which it is not. */
const JUST_AFTER_SECONDS = 0.001;

/** Who listens to a recording that is played. Times are Unix seconds of the receiver's clock, ascending. */
export interface Listener {
  /** A second has passed: time for a verdict. */
  onHop(stream: Stream, nowSeconds: number): void;
  /** A sample was taken in. */
  onSample(stream: Stream, nowSeconds: number): void;
  /** Nothing came for so long that the stream may be silent by now. Returns whether there is more to wait for. */
  onQuiet(stream: Stream, nowSeconds: number): boolean;
}

/** A recording at the moment of its last sample. */
export interface Played {
  readonly stream: Stream;
  /** Receive time of the last sample. */
  readonly endSeconds: number;
  /** Lets time pass without a sample. */
  passUntil(seconds: number): void;
}

export interface PlayOptions {
  /** Indices of the samples to be played, in the order of their reception. */
  readonly order: Uint32Array;
  readonly hearing: Hearing;
  readonly listener: Listener;
}

/** Lets a stream hear a recording again, with all that a rack does between the samples. */
export function playRecording(recording: Recording, { order, hearing, listener }: PlayOptions): Played {
  const player = new Player(recording, hearing, listener);
  player.play(order);
  return player;
}

class Player implements Played {
  stream: Stream;
  readonly #recording: Recording;
  readonly #hearing: Hearing;
  readonly #listener: Listener;
  readonly #windowSeconds: number;
  #hopSeconds = Number.NaN;
  /** How long nothing has come when it is looked for silence next. */
  #quietSeconds = Infinity;
  endSeconds = 0;

  constructor(recording: Recording, hearing: Hearing, listener: Listener) {
    this.#recording = recording;
    this.#hearing = hearing;
    this.#listener = listener;
    this.#windowSeconds = hearing.windowSlots / hearing.sampleRateHz;
    this.stream = this.#openStream();
  }

  play(order: Uint32Array): void {
    this.#hopSeconds = this.#recording.receivedSeconds(order[0] ?? 0) + HOP_SECONDS;
    for (const at of order) {
      const receivedSeconds = this.#recording.receivedSeconds(at);
      this.#passWithHops(receivedSeconds);
      if (receivedSeconds - this.stream.lastHeardSeconds > FORGET_SECONDS) this.stream = this.#openStream();
      this.stream.accept(this.#recording.sample(at), receivedSeconds);
      this.#quietSeconds = this.stream.silentAfterSeconds + JUST_AFTER_SECONDS;
      this.#listener.onSample(this.stream, receivedSeconds);
      this.endSeconds = receivedSeconds;
    }
  }

  passUntil(seconds: number): void {
    const { lastHeardSeconds } = this.stream;
    while (lastHeardSeconds + this.#quietSeconds < seconds) this.#lookForSilence();
  }

  #passWithHops(untilSeconds: number): void {
    while (this.#hopSeconds < untilSeconds) {
      this.passUntil(this.#hopSeconds);
      this.#listener.onHop(this.stream, this.#hopSeconds);
      const quietSeconds = this.#hopSeconds - this.stream.lastHeardSeconds;
      // Once the window has emptied there is nothing more to judge: a pause of the recording is told once, not by the hour.
      this.#hopSeconds = HOP_SECONDS + (quietSeconds > this.#windowSeconds ? untilSeconds : this.#hopSeconds);
    }
    this.passUntil(untilSeconds);
    // How long it was silent is known in the end.
    if (this.stream.isStarted && this.#quietSeconds === Infinity) this.#listener.onQuiet(this.stream, untilSeconds);
  }

  #lookForSilence(): void {
    const isOpen = this.#listener.onQuiet(this.stream, this.stream.lastHeardSeconds + this.#quietSeconds);
    const nextSeconds = this.#quietSeconds * QUIET_FACTOR;
    this.#quietSeconds = isOpen && nextSeconds < MAX_QUIET_SECONDS ? nextSeconds : Infinity;
  }

  #openStream(): Stream {
    const { rackId, serverId } = this.#recording;
    return new Stream({ rackId, serverId, ...this.#hearing, isAuthenticated: false });
  }
}
