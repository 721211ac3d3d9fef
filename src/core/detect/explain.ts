import type { MeasuredKind } from './detection-options.ts';

/**
 * One cause has one main name: what a standing fault explains is not told beside it. A stall that recurs is not also
 * jitter and a shift; a queue that overflows is not also loss. One that is itself explained explains nothing. Silence
 * explains everything and is not in this table.
 */
export const EXPLAINS: Readonly<Record<MeasuredKind, readonly MeasuredKind[]>> = {
  'periodic-delay': ['congestion', 'delay-shift', 'jitter', 'reorder'],
  congestion: ['delay-shift', 'jitter', 'loss', 'burst-loss', 'periodic-loss', 'reorder'],
  'periodic-loss': ['loss', 'burst-loss'],
  'clock-drift': ['delay-shift'],
  jitter: ['reorder', 'delay-shift'],
  reorder: [],
  'burst-loss': [],
  loss: [],
  'delay-shift': ['jitter'],
  duplicate: [],
  corrupt: [],
};

/**
 * Jitter and a shift come together more often than not, and explain one another by size: jitter moves the mean of what
 * has just come by a part of itself, and whatever shifts a delay makes it a little less steady.
 */
export const MUTUAL: readonly MeasuredKind[] = ['jitter', 'delay-shift'];

/** They explain one another for no longer than this, then are compared again: a size is known only after a while. */
export const MUTUAL_SECONDS = 2;

/** Kinds that explain others, in the order in which they are asked: none comes after one that it explains. */
export const EXPLAINING: readonly MeasuredKind[] = [
  'periodic-delay',
  'congestion',
  'periodic-loss',
  'clock-drift',
  'jitter',
  'delay-shift',
];

/** What was explained stays so for this long after its explanation has ended: it takes its own time to end. */
export const EXPLAINED_SECONDS = 15;
