import type { Impairment } from '../netem/impairment.ts';
import type { Injection, Phase } from './injection.ts';

/** What an injection does at a moment. Times are in seconds since it began. */
export interface TimelineMoment {
  /** Null: nothing is wrong, or it is over. */
  readonly impairment: Impairment | null;
  /** Until when this holds, above the moment asked for; Infinity: until it is cleared. */
  readonly untilSeconds: number;
  readonly isOver: boolean;
}

const OVER: TimelineMoment = { impairment: null, untilSeconds: Infinity, isOver: true };

/** What an injection does this long after it began: a phase holds from its beginning to just before its end. */
export function timelineAt(injection: Injection, elapsedSeconds: number): TimelineMoment {
  const { phases, repeats, durationSeconds } = injection;
  const endSeconds = durationSeconds ?? Infinity;
  if (elapsedSeconds >= endSeconds) return OVER;
  const cycleSeconds = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  const cycle = repeats ? Math.floor(elapsedSeconds / cycleSeconds) : 0;
  const { impairment, untilSeconds } = phaseAt(phases, elapsedSeconds - cycle * cycleSeconds, repeats);
  return { impairment, untilSeconds: Math.min(endSeconds, cycle * cycleSeconds + untilSeconds), isOver: false };
}

/** The phase at a place in one cycle, and its end. The last one of a cycle that does not repeat has none. */
function phaseAt(phases: readonly Phase[], atSeconds: number, repeats: boolean): Omit<TimelineMoment, 'isOver'> {
  let untilSeconds = 0;
  for (const { seconds, impairment } of repeats ? phases : phases.slice(0, -1)) {
    untilSeconds += seconds;
    if (atSeconds < untilSeconds) return { impairment, untilSeconds };
  }
  // Of a cycle, rounding may have led beyond its end.
  const impairment = phases.at(-1)?.impairment ?? null;
  return { impairment, untilSeconds: repeats ? untilSeconds : Infinity };
}
