import type { Look } from './health-watch.ts';
import { failRun, type Run } from './run.ts';

/** A datacenter that cannot be asked for so long says nothing of what is broken. */
const LOST_SECONDS = 15;

/** Ends a run that does too much harm, or that nobody sees any more. */
export class RunGuard {
  readonly #abortBelow: number | null;
  /** Of the last answer; null: the run has not begun. */
  #answeredSeconds: number | null = null;

  constructor(abortBelow: number | null) {
    this.#abortBelow = abortBelow;
  }

  /** From now on: before, nothing was broken. */
  arm(nowSeconds: number): void {
    this.#answeredSeconds = nowSeconds;
  }

  /** Takes a look, and ends the run when there is reason to. */
  check(run: Run, { tree, problem, askedSeconds }: Look): void {
    if (this.#answeredSeconds === null || run.stop.signal.aborted) return;
    if (tree === null) {
      if (askedSeconds - this.#answeredSeconds < LOST_SECONDS) return;
      failRun(run, `ended early, nobody sees what it does: for ${LOST_SECONDS} s, ${problem ?? 'no answer'}`);
      return;
    }
    this.#answeredSeconds = askedSeconds;
    const score = tree.health_score;
    if (this.#abortBelow === null || score === null || score >= this.#abortBelow) return;
    failRun(run, `ended early: the health of the datacenter, ${score.toFixed(3)}, is below ${this.#abortBelow}`);
  }
}
