import { ClockBlocks } from './clock-blocks.ts';
import { ClockRecovery } from './clock-recovery.ts';
import type { DetectionOptions } from './detect/detection-options.ts';
import { FaultTracker } from './detect/fault-tracker.ts';
import type { JudgedStatus } from './health.ts';
import { interarrivalJitter } from './jitter.ts';
import { DEADLINE_SECONDS, LossLedger } from './loss-ledger.ts';
import { Rival } from './rival.ts';
import type { Sample } from './sample.ts';
import { Slots } from './slots.ts';
import { ToneIdentity } from './tone-identity.ts';

/** This many implausible samples in a row are a new beginning, not strays; fewer make no stream. */
const MISFITS_TO_RESTART = 64;
/** When nothing but late samples came for this long, a clock was stepped: the baseline is learned anew. */
const RELEARN_SECONDS = 300;
/** Sequence numbers may run ahead of the clock by this factor before a jump is not believed. */
const MAX_RATE_FACTOR = 4;
const TWO_PI = 2 * Math.PI;

export interface StreamOptions {
  readonly rackId: number;
  readonly serverId: number;
  /** Tone this server is expected to sing. */
  readonly frequencyHz: number;
  /** Nominal sample rate. */
  readonly sampleRateHz: number;
  /** Slots of a window, a power of two. */
  readonly windowSlots: number;
  /** True when every sample was authenticated: then what is older than what is known is a replay. */
  readonly isAuthenticated: boolean;
  /** What an operator set about detection; the defaults where nothing is given. */
  readonly detection?: DetectionOptions | undefined;
}

/** What became of a sample. */
export type Acceptance = 'accepted' | 'duplicate' | 'late' | 'conflict' | 'replay' | 'implausible';

/** Counts since the stream was first heard; restarts of the agent do not reset them. */
export interface StreamCounts {
  received: number;
  /** Slots proven lost: a later sample of the same boot came, and the deadline passed. */
  lost: number;
  /** Samples that came after their deadline; their slots count as lost. */
  late: number;
  duplicate: number;
  reordered: number;
  conflict: number;
}

/**
 * Everything remembered of one server: the newest window of slots, the recovered clock, counts. Bounded: 16 bytes a
 * slot and some 6 KiB.
 *
 * Each sample is brought down to baseband by its expected tone as it arrives, on the receiver's time line:
 * y = z·e^{−j2πf·r}. Up to a constant phase this is the slot value z·e^{−j2πf·e} of the lateness e moved from f to
 * 0 Hz; what the sender's own timer did wrong cancels, since the send time is in both z and r.
 */
export class Stream {
  readonly options: StreamOptions;
  readonly slots: Slots;
  readonly clock = new ClockRecovery();
  readonly losses: LossLedger;
  readonly identity: ToneIdentity;
  /** What is wrong, by name. */
  readonly faults: FaultTracker;
  readonly counts: StreamCounts = { received: 0, lost: 0, late: 0, duplicate: 0, reordered: 0, conflict: 0 };

  /** Name the agent announced. */
  name: string | null = null;
  /** Receive time of the last sample that was new or in time, unix seconds: what is only a copy proves no life. */
  lastHeardSeconds = Number.NEGATIVE_INFINITY;
  /** Samples accepted since the agent's (re)start. */
  receivedSinceStart = 0;
  /** True when the sender gives real samples only: then slots hold the bare value, not baseband. */
  isReal = false;
  /** RFC 3550 interarrival jitter. */
  jitterSeconds = 0;
  /** Another agent that claims this identity. */
  readonly rival = new Rival();
  /** The class of its spectral error at its last verdict: what is at the edge of a class stays in it. */
  spectralClass: JudgedStatus = 'healthy';

  #bootId: number | null = null;
  #previousDelaySeconds = Number.NaN;
  #misfits = 0;
  #inTimeSeconds = Number.NEGATIVE_INFINITY;
  #newestSentSeconds = Number.NEGATIVE_INFINITY;
  readonly #blocks = new ClockBlocks();

  constructor(options: StreamOptions) {
    this.options = options;
    this.slots = new Slots(options.windowSlots);
    this.losses = new LossLedger(this.slots, options.sampleRateHz);
    this.identity = new ToneIdentity(options.windowSlots);
    this.faults = new FaultTracker(options.sampleRateHz, options.detection);
  }

  /** Send time of the newest sample that was in time, unix seconds. */
  get newestSentSeconds(): number {
    return this.#newestSentSeconds;
  }

  get bootId(): number | null {
    return this.#bootId;
  }

  /** True once any sample was accepted. */
  get isStarted(): boolean {
    return this.receivedSinceStart > 0;
  }

  /**
   * Seconds without a sample after which the stream is silent: 0.4 s and eight sample intervals; where much is lost, more
   * than chance explains.
   */
  get silentAfterSeconds(): number {
    return this.faults.silentAfterSeconds;
  }

  isSilent(nowSeconds: number): boolean {
    return nowSeconds - this.lastHeardSeconds > this.silentAfterSeconds;
  }

  /** Takes one sample, received at the given time (unix seconds, receiver's clock). Never throws. */
  accept(sample: Sample, receivedSeconds: number): Acceptance {
    if (!this.isStarted) {
      this.#restart(sample, receivedSeconds);
    } else if (sample.bootId !== this.#bootId) {
      const refused = this.#refuseBoot(sample, receivedSeconds);
      if (refused !== null) return refused;
      this.#restart(sample, receivedSeconds);
    } else if (this.#isUnnumberedRestart(sample) || this.#isSteppedClock(receivedSeconds)) {
      this.#restart(sample, receivedSeconds);
    }
    const acceptance = this.#place(sample, receivedSeconds);
    if (acceptance !== 'implausible') {
      this.#misfits = 0;
    } else if (++this.#misfits >= MISFITS_TO_RESTART) {
      this.#restart(sample, receivedSeconds);
      return this.#place(sample, receivedSeconds);
    }
    return acceptance;
  }

  /**
   * When a sample most likely arrived that was received at a time, or up to `doubtSeconds` before: as near to when it
   * was expected as that allows.
   */
  likelyArrivalSeconds(sample: Sample, latestSeconds: number, doubtSeconds: number): number {
    if (!this.isStarted || sample.bootId !== this.#bootId) return latestSeconds;
    const expectedSeconds = sample.sentSeconds + this.clock.expectedDelaySeconds(sample.sentSeconds);
    return Math.min(Math.max(expectedSeconds, latestSeconds - doubtSeconds), latestSeconds);
  }

  /** Lets the clock learn from what came since the last block. `scratch` has room for a window. */
  learnClock(scratch: Float64Array): void {
    if (!this.isStarted) return;
    const newestSentSeconds = this.#newestSentSeconds;
    const isHeld = this.faults.holdsClock;
    const hasLearned = this.#blocks.feed(this.clock, { slots: this.slots, newestSentSeconds, isHeld, scratch });
    if (hasLearned) this.faults.learnClock(this.clock, this.lastHeardSeconds);
  }

  /** Another boot id than the one that holds the place: why it may not take it, null when it may. */
  #refuseBoot({ bootId, sentSeconds }: Sample, receivedSeconds: number): Acceptance | null {
    const { isAuthenticated } = this.options;
    const aheadSeconds = sentSeconds - this.#newestSentSeconds;
    if (this.isSilent(receivedSeconds)) return isAuthenticated && aheadSeconds <= 0 ? 'replay' : null;
    if (isAuthenticated && aheadSeconds < -DEADLINE_SECONDS) return 'replay';
    // A rack that has just started may have heard a replay first: what is authentic and newer takes the place.
    const isUnsettled = this.receivedSinceStart < MISFITS_TO_RESTART;
    if (isAuthenticated && isUnsettled && aheadSeconds > DEADLINE_SECONDS) return null;
    this.counts.conflict++;
    this.rival.hear(bootId, receivedSeconds, this.lastHeardSeconds);
    return 'conflict';
  }

  #place(sample: Sample, receivedSeconds: number): Acceptance {
    const index = this.#unwrap(sample.sequence);
    const { slots, clock, counts } = this;
    if (index > slots.newest && !this.#isPlausibleJump(index, receivedSeconds)) return 'implausible';
    if (this.isStarted && this.isReal !== (sample.re === null)) return 'implausible';
    const delaySeconds = receivedSeconds - sample.sentSeconds;
    clock.start(sample.sentSeconds, delaySeconds);
    const isNew = index > slots.newest;
    if (!isNew && slots.has(index)) {
      counts.duplicate++;
      this.faults.acceptDuplicate(receivedSeconds);
      return 'duplicate';
    }
    const lateSeconds = delaySeconds - clock.expectedDelaySeconds(sample.sentSeconds);
    // No path becomes that much shorter: a clock was set forward, or the sample is not of this stream.
    if (lateSeconds < -DEADLINE_SECONDS) return 'implausible';
    if (isNew) this.#advanceTo(index, receivedSeconds);
    if (lateSeconds > DEADLINE_SECONDS || this.losses.isJudged(index)) {
      if (this.options.isAuthenticated && slots.isForgotten(index)) return 'replay';
      counts.late++;
      return 'late';
    }
    if (isNew) this.#newestSentSeconds = sample.sentSeconds;
    else counts.reordered++;
    counts.received++;
    this.receivedSinceStart++;
    this.lastHeardSeconds = receivedSeconds;
    this.#inTimeSeconds = receivedSeconds;
    this.#hear(sample, index, delaySeconds);
    this.faults.accept(slots, index, clock.skew === null ? Number.NaN : lateSeconds, receivedSeconds);
    return 'accepted';
  }

  #hear(sample: Sample, index: number, delaySeconds: number): void {
    const { slots, identity, options } = this;
    if (!Number.isNaN(this.#previousDelaySeconds)) {
      this.jitterSeconds = interarrivalJitter(this.jitterSeconds, delaySeconds - this.#previousDelaySeconds);
    }
    this.#previousDelaySeconds = delaySeconds;

    const sentSeconds = sample.sentSeconds;
    const sentPhase = TWO_PI * fraction(options.frequencyHz * sentSeconds);
    const [cos, sin] = [Math.cos(sentPhase), Math.sin(sentPhase)];
    const re = sample.re ?? 0;
    const im = sample.im;
    const baseRe = re * cos + im * sin;
    const baseIm = im * cos - re * sin;
    identity.add(index, baseRe, baseIm);

    this.isReal = sample.re === null;
    if (!this.isReal) this.faults.corrupt.add(baseRe, baseIm, this.lastHeardSeconds);
    if (this.isReal) {
      slots.put(index, { re: 0, im, sentSeconds, delaySeconds });
      return;
    }
    const delayPhase = TWO_PI * fraction(options.frequencyHz * delaySeconds);
    const [delayCos, delaySin] = [Math.cos(delayPhase), Math.sin(delayPhase)];
    slots.put(index, {
      re: baseRe * delayCos + baseIm * delaySin,
      im: baseIm * delayCos - baseRe * delaySin,
      sentSeconds,
      delaySeconds,
    });
  }

  #advanceTo(index: number, receivedSeconds: number): void {
    this.lastHeardSeconds = receivedSeconds;
    this.counts.lost += this.losses.judgeUntil(index);
    this.slots.advanceTo(index);
  }

  #restart(sample: Sample, receivedSeconds: number): void {
    const delaySeconds = receivedSeconds - sample.sentSeconds;
    this.slots.restart(sample.sequence, sample.sentSeconds, delaySeconds);
    this.losses.restart(sample.sequence);
    this.faults.restart(sample.sequence);
    this.#blocks.restart(sample.sequence, sample.sentSeconds);
    this.clock.reset();
    this.identity.reset();
    this.#bootId = sample.bootId;
    this.rival.forget();
    this.spectralClass = 'healthy';
    this.#previousDelaySeconds = Number.NaN;
    this.jitterSeconds = 0;
    this.receivedSinceStart = 0;
    this.#misfits = 0;
    this.#inTimeSeconds = receivedSeconds;
    this.#newestSentSeconds = sample.sentSeconds;
    this.lastHeardSeconds = receivedSeconds;
  }

  /** Without a boot id, a sample sent later than the newest but numbered before it comes from a new run. */
  #isUnnumberedRestart(sample: Sample): boolean {
    if (sample.bootId !== null || this.#unwrap(sample.sequence) > this.slots.newest) return false;
    return sample.sentSeconds > this.#newestSentSeconds + 0.5 / this.options.sampleRateHz;
  }

  #isSteppedClock(receivedSeconds: number): boolean {
    return receivedSeconds - this.#inTimeSeconds > RELEARN_SECONDS && !this.isSilent(receivedSeconds);
  }

  #isPlausibleJump(index: number, receivedSeconds: number): boolean {
    if (!this.isStarted) return true;
    const elapsed = Math.max(0, receivedSeconds - this.lastHeardSeconds) + DEADLINE_SECONDS;
    return index - this.slots.newest <= this.slots.size + MAX_RATE_FACTOR * elapsed * this.options.sampleRateHz;
  }

  /** The index nearest to the newest one whose low 32 bits are the sequence number. */
  #unwrap(sequence: number): number {
    const newest = this.slots.newest;
    return newest + ((sequence - newest) | 0);
  }
}

function fraction(cycles: number): number {
  return cycles - Math.floor(cycles);
}
