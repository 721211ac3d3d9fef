/** What is known before anything was heard: a rate of 0.1 %, as firmly as if 5 of 5 000 had been hits. */
const PRIOR_HITS = 5;
const PRIOR_TRIALS = 5000;
/** Memory: an hour at 20 samples/s. */
const MEMORY_TRIALS = 72_000;
/** No rate is taken to be less: nothing was heard for long enough to know. */
const MIN_RATE = 1e-4;
/** The rate in use follows the counted one once they differ by so much. */
const TOLERANCE = 1.1;
/** Trials between two looks at the counted rate. */
const LOOK_TRIALS = 2048;

/** The rate of hits while nothing is wrong: learned slowly, and not at all while something may be wrong. */
export class Background {
  /** The rate in use. */
  rate = PRIOR_HITS / PRIOR_TRIALS;
  #hits = PRIOR_HITS;
  #trials = PRIOR_TRIALS;
  #unseen = 0;

  /** Counts one trial. Returns true when the rate in use has changed. */
  add(isHit: boolean): boolean {
    this.#unseen++;
    if (isHit) this.#hits++;
    if (this.#unseen < LOOK_TRIALS) return false;
    this.#trials += this.#unseen;
    this.#unseen = 0;
    if (this.#trials > MEMORY_TRIALS) {
      const keep = MEMORY_TRIALS / this.#trials;
      this.#hits *= keep;
      this.#trials *= keep;
    }
    const rate = Math.max(this.#hits / this.#trials, MIN_RATE);
    if (rate < this.rate * TOLERANCE && rate > this.rate / TOLERANCE) return false;
    this.rate = rate;
    return true;
  }
}
