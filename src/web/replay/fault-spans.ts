import type { Fault } from '../../core/verdict.ts';
import type { FaultSpan } from './heard-recording.ts';

type Growing = { -readonly [K in keyof FaultSpan]: FaultSpan[K] };

const RANK = { info: 0, warning: 1, critical: 2 } as const;

/** Puts the faults of verdicts together to spans. */
export class FaultSpans {
  readonly #all: Growing[] = [];
  #standing: Growing[] = [];

  /** The verdict of a second; its faults are those that stand then. */
  take(faults: readonly Fault[], seconds: number): void {
    const standing: Growing[] = [];
    for (const { kind, since, severity } of faults) {
      // An onset is estimated anew while more is heard: of a kind there is one fault at a time.
      const known = this.#standing.find((span) => span.kind === kind);
      const span = known ?? { kind, severity, since, found: seconds, until: null };
      span.since = Math.min(span.since, since);
      if (RANK[severity] > RANK[span.severity]) span.severity = severity;
      if (known === undefined) this.#all.push(span);
      standing.push(span);
    }
    for (const span of this.#standing) if (!standing.includes(span)) span.until = seconds;
    this.#standing = standing;
  }

  /** By their onset. */
  all(): readonly FaultSpan[] {
    return this.#all.toSorted((a, b) => a.since - b.since);
  }
}
