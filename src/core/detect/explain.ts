import type { MeasuredKind } from './detection-options.ts';

/**
 * One cause has one main name: what a standing fault explains is not told beside it. A stall that recurs is not also
 * jitter and a shift; a queue that overflows is not also loss. One that is itself explained explains nothing. Silence explains everything and is not in this table.
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
  'delay-shift': [],
  duplicate: [],
  corrupt: [],
};

/** Kinds that explain others, in the order in which they are asked. */
export const EXPLAINING: readonly MeasuredKind[] = [
  'periodic-delay',
  'congestion',
  'periodic-loss',
  'clock-drift',
  'jitter',
];

/** What was explained stays so for this long after its explanation has ended: it takes its own time to end. */
export const EXPLAINED_SECONDS = 15;
