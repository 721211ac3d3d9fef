import type { ChaosClock } from '../chaos-clock.ts';
import type { ExpectationRecord, InjectionRecord } from './scenario-report.ts';

/** Everything that a run has to tell: lines as it goes, and records for its report. */
export class RunJournal {
  readonly injections: InjectionRecord[] = [];
  readonly expectations: ExpectationRecord[] = [];
  readonly problems: string[] = [];
  readonly notes: string[] = [];
  readonly #clock: ChaosClock;
  readonly #beganMs: number;
  readonly #onProgress: (line: string) => void;

  /** @param options.onProgress gets whole lines, without the newline */
  constructor(options: { readonly clock: ChaosClock; readonly onProgress: (line: string) => void }) {
    this.#clock = options.clock;
    this.#beganMs = options.clock.elapsedMs();
    this.#onProgress = options.onProgress;
  }

  /** Seconds since the run began. */
  get afterSeconds(): number {
    return roundMs((this.#clock.elapsedMs() - this.#beganMs) / 1000);
  }

  /** `[ 12.3 s] step 2/5 …` */
  say(text: string): void {
    this.#onProgress(`[${this.afterSeconds.toFixed(1).padStart(6)} s] ${text}`);
  }

  /** A reason why the run fails, said and kept; each once. */
  fail(problem: string): void {
    if (this.problems.includes(problem)) return;
    this.problems.push(problem);
    this.say(`FAILED: ${problem}`);
  }

  /** Something that should be known; each once. */
  note(text: string): void {
    if (this.notes.includes(text)) return;
    this.notes.push(text);
    this.say(`note: ${text}`);
  }
}

export function roundMs(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
