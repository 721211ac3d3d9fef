/** Samples of a newly learned clock after which deviations are judged: 10 s at 20 samples/s. */
const LEARN_SAMPLES = 200;
/** Ratio of standard deviation to median absolute deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;
/** No sigma is learned that is less: no clock is read more finely. */
const MIN_SIGMA_SECONDS = 50e-6;
/** The baseline moves by no more than this in a second: it follows a clock that drifts by 40 ppm, and no step. */
const BASELINE_RATE = 40e-6;
/** Bends remembered: a step bends two of them, a stall of six samples four. */
const BENDS = 11;
/** Lateness is compared with that of so many samples before, to see it climb. */
const CLIMB_SAMPLES = 4;
/** The quantile of the deviations that is followed too, and where it lies for a normal distribution. */
const TAIL_SHARE = 0.9;
const TAIL_SIGMAS = 1.645;
const OLDER_SLOT = BENDS + CLIMB_SAMPLES;
const NEWER_SLOT = OLDER_SLOT + 1;
/** Scales move by this share with each sample: their median has a time constant of about ten seconds. */
const SCALE_STEP = 0.004;
/** While they are being learned they move by this share at first, and by half of it after so many samples. */
const FIRST_SCALE_STEP = 0.3;
const SETTLING_SAMPLES = 8;
/** No scale falls below this: it grows by a share of itself, and could not come back from 0. */
const MIN_SCALE_SECONDS = 1e-6;

/**
 * What is normal for the lateness of a stream: a baseline that follows slowly, and how far samples usually lie from it
 * (`sigmaSeconds`: of a normal distribution with the same median of deviations, or with the same nine tenths of them,
 * whichever is more, since queues have long tails). Quantiles are followed by steps of fixed size towards each sample
 * (stochastic approximation, after Robbins and Monro 1951), so a wild sample counts no more than any other. Also says
 * of the newest sample how far it lies off the line through its neighbours (its bend: large for jitter, not for steps or
 * ramps), and how much later it is than the fourth before it (its climb).
 */
export class LatenessTrack {
  /** Newest sample: lateness above the baseline, seconds. */
  deviationSeconds = 0;
  /** The newest sample but one off the line between its neighbours, scaled to the sigma of one sample; seconds. */
  bendSeconds = 0;
  /** How much later the newest sample is than the fourth before it. */
  climbSeconds = 0;
  /** Learned sigma of the deviations. */
  sigmaSeconds = 100e-6;
  /** Sigma as it is just now: the learned one, or more when more than half of the newest samples bend further. */
  localSigmaSeconds = 100e-6;
  #baseline = 0;
  #deviationMedian = 70e-6;
  #bendMedian = 70e-6;
  #tail = 160e-6;
  #count = 0;
  /** Newest bends, newest latenesses, and the slots of the two newest: one array, since each costs 200 bytes. */
  readonly #values = new Float64Array(BENDS + CLIMB_SAMPLES + 2);

  /** The stream begins anew: the baseline is learned again, and the scales go on from what they were. */
  restart(): void {
    this.#count = 0;
    this.#baseline = 0;
    this.#values.fill(0);
  }

  /** True once so much was heard that deviations can be judged. */
  get isLearned(): boolean {
    return this.#count >= LEARN_SAMPLES;
  }

  /**
   * What a lateness may be that is late by at most so much because of the receiver: as near to normal as that allows.
   */
  likely(latenessSeconds: number, doubtSeconds: number): number {
    const lateSeconds = latenessSeconds - this.#baseline;
    return lateSeconds > 0 ? latenessSeconds - Math.min(lateSeconds, doubtSeconds) : latenessSeconds;
  }

  /** Takes the lateness of a sample, and its slot. */
  add(latenessSeconds: number, index: number): void {
    const values = this.#values;
    const at = BENDS + (this.#count % CLIMB_SAMPLES);
    if (this.#count >= CLIMB_SAMPLES) {
      this.climbSeconds = latenessSeconds - (values[at] ?? 0);
      this.#bend(latenessSeconds, index);
    }
    values[at] = latenessSeconds;
    values[OLDER_SLOT] = values[NEWER_SLOT] ?? 0;
    values[NEWER_SLOT] = index;
    this.deviationSeconds = latenessSeconds - this.#baseline;
    this.#count++;
  }

  /** Lets the baseline and the scales learn from the newest sample; not called while something may be wrong. */
  learn(sampleRateHz: number): void {
    const settling = this.#count < LEARN_SAMPLES ? 1 / (1 + this.#count / SETTLING_SAMPLES) : 0;
    // The baseline begins at 0, where the recovered clock has it: what breaks while scales are learned moves it no
    // faster.
    const step = BASELINE_RATE / sampleRateHz;
    this.#baseline += this.deviationSeconds > 0 ? step : -step;
    const share = Math.max(SCALE_STEP, FIRST_SCALE_STEP * settling);
    this.#deviationMedian *= Math.abs(this.deviationSeconds) > this.#deviationMedian ? 1 + share : 1 - share;
    this.#bendMedian *= this.bendSeconds > this.#bendMedian ? 1 + share : 1 - share;
    this.#tail *= Math.abs(this.deviationSeconds) > this.#tail ? 1 + TAIL_SHARE * share : 1 - (1 - TAIL_SHARE) * share;
    this.#tail = Math.max(this.#tail, MIN_SCALE_SECONDS);
    this.#deviationMedian = Math.max(this.#deviationMedian, MIN_SCALE_SECONDS);
    this.#bendMedian = Math.max(this.#bendMedian, MIN_SCALE_SECONDS);
    const medianSigma = MAD_TO_SIGMA * Math.max(this.#deviationMedian, this.#bendMedian);
    this.sigmaSeconds = Math.max(medianSigma, this.#tail / TAIL_SIGMAS, MIN_SIGMA_SECONDS);
  }

  /** The baseline moves by so much at once. */
  rebase(bySeconds: number): void {
    this.#baseline += bySeconds;
  }

  #bend(latest: number, index: number): void {
    const values = this.#values;
    const before = values[BENDS + ((this.#count - 1) % CLIMB_SAMPLES)] ?? 0;
    const first = values[BENDS + ((this.#count - 2) % CLIMB_SAMPLES)] ?? 0;
    const firstIndex = values[OLDER_SLOT] ?? 0;
    const beforeIndex = values[NEWER_SLOT] ?? 0;
    const weight = (beforeIndex - firstIndex) / (index - firstIndex);
    const share = weight > 0 && weight < 1 ? weight : 0.5;
    const off = before - first - share * (latest - first);
    this.bendSeconds = Math.abs(off) / Math.sqrt(1 + share * share + (1 - share) * (1 - share));
    values[this.#count % BENDS] = this.bendSeconds;
    this.#weighBends();
  }

  #weighBends(): void {
    const usual = 2 * this.sigmaSeconds;
    let wide = 0;
    for (let i = 0; i < BENDS; i++) if ((this.#values[i] ?? 0) > usual) wide++;
    this.localSigmaSeconds =
      wide > BENDS >> 1 ? Math.max(this.sigmaSeconds, MAD_TO_SIGMA * medianBend(this.#values)) : this.sigmaSeconds;
  }
}

const sorted = new Float64Array(BENDS);

/** Insertion sort: eleven values, and they are sorted only while jitter is about. */
function medianBend(values: Float64Array): number {
  for (let i = 0; i < BENDS; i++) {
    const value = values[i] ?? 0;
    let at = i;
    for (; at > 0 && (sorted[at - 1] ?? 0) > value; at--) sorted[at] = sorted[at - 1] ?? 0;
    sorted[at] = value;
  }
  return sorted[BENDS >> 1] ?? 0;
}
