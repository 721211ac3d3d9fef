import type { FaultKind } from '../core/verdict.ts';

/** Parameters of a fault as texts; null where it does not have the parameter. */
export interface Figures {
  /** `5.2 %` */
  readonly share: (name: string) => string | null;
  /** Without its sign: `20 ms`. */
  readonly span: (name: string) => string | null;
  /** With its sign: `+5.0 ms`. */
  readonly change: (name: string) => string | null;
  /** With its sign: `+20 ppm`. */
  readonly ppm: (name: string) => string | null;
  /** `8`, `2.4` */
  readonly count: (name: string) => string | null;
  /** ` every 5.0 s`, or ` again and again`. */
  readonly recurring: string;
  readonly isNegative: (name: string) => boolean;
}

/** How one kind of fault is told. */
export interface KindWords {
  /** A noun. */
  readonly name: string;
  /** With its figures, for a cell or a line. */
  readonly phrase: (of: Figures) => string;
  /** For a sentence that has named the server before: `it …`, `its packets …`. */
  readonly clause: (of: Figures) => string;
}

/**
 * The words of every kind. A figure that a fault does not have is left out and never made up, so that the words of a
 * fault from a rack of another version are still good.
 */
export const KIND_WORDS: Readonly<Record<FaultKind, KindWords>> = {
  silent: {
    name: 'silence',
    phrase: () => 'silent',
    clause: () => 'nothing is heard of it',
  },
  loss: {
    name: 'loss',
    phrase: ({ share }) => `loss${after(' ', share('loss_ratio'))}`,
    clause: ({ share }) => `${share('loss_ratio') ?? 'some'} of its packets are lost`,
  },
  'burst-loss': {
    name: 'burst loss',
    phrase: ({ share, count }) => `loss${after(' ', share('loss_ratio'))} in bursts${after(' of ', count('mean_run'))}`,
    clause: ({ share, count }) =>
      `${share('loss_ratio') ?? 'some'} of its packets are lost, in bursts${after(' of ', count('mean_run'))}`,
  },
  'periodic-loss': {
    name: 'periodic loss',
    phrase: ({ recurring }) => `loss${recurring}`,
    clause: ({ recurring }) => `packets of it are lost${recurring}`,
  },
  'delay-shift': {
    name: 'delay shift',
    phrase: ({ change }) => `delay ${change('shift_seconds') ?? 'changed'}`,
    clause: ({ span, isNegative }) => {
      const size = span('shift_seconds');
      if (size === null) return 'its delay has changed';
      return `its packets come ${size} ${isNegative('shift_seconds') ? 'earlier' : 'later'} than usual`;
    },
  },
  jitter: {
    name: 'jitter',
    phrase: ({ span }) => `jitter${after(' ', span('jitter_seconds'))}`,
    clause: ({ span }) => `its packets come unevenly${after(', by ', span('jitter_seconds'))}`,
  },
  'periodic-delay': {
    name: 'periodic stalls',
    phrase: ({ recurring, span }) =>
      `${recurring.trim()}, ${span('delay_seconds') ?? 'spells'} of delay${after(' for ', span('pulse_seconds'))}`,
    clause: ({ recurring, span }) =>
      `it stalls${recurring}${after(', by ', span('delay_seconds'))}${after(' for ', span('pulse_seconds'))}`,
  },
  congestion: {
    name: 'congestion',
    phrase: ({ span }) => `a queue${after(' of ', span('queue_seconds'))}${grown(span('growth_ratio'))}`,
    clause: ({ span }) =>
      `a queue fills up on its way${after(', to ', span('queue_seconds'))}${grown(span('growth_ratio'))}`,
  },
  reorder: {
    name: 'reordering',
    phrase: ({ share }) => `reordering${after(' ', share('reorder_ratio'))}`,
    clause: ({ share }) => `${share('reorder_ratio') ?? 'some'} of its packets are overtaken by others`,
  },
  duplicate: {
    name: 'duplicates',
    phrase: ({ share }) => `duplicates${after(' ', share('duplicate_ratio'))}`,
    clause: ({ share }) => `${share('duplicate_ratio') ?? 'some'} of its packets come twice`,
  },
  corrupt: {
    name: 'corruption',
    phrase: ({ share }) => `corruption${after(' ', share('corrupt_ratio'))}`,
    clause: ({ share }) => `${share('corrupt_ratio') ?? 'some'} of its packets carry wrong values`,
  },
  'clock-drift': {
    name: 'clock drift',
    phrase: ({ ppm }) => `clock drift${after(' ', ppm('change_ppm'))}`,
    clause: ({ ppm }) => `its clock runs off${after(', by ', ppm('change_ppm'))}`,
  },
  conflict: {
    name: 'conflict',
    phrase: () => 'two agents claim one identity',
    clause: () => 'two agents claim its identity',
  },
  'rack-wide': {
    name: 'rack-wide fault',
    phrase: ({ count }) => `shared with its rack${after(' (', count('servers'), ' servers)')}`,
    clause: () => 'most servers of its rack have the same trouble',
  },
  observer: {
    name: 'late observer',
    phrase: ({ span }) => `controller late itself${after(' by ', span('lag_seconds'))}`,
    clause: ({ span }) => `its rack controller was late itself${after(', by ', span('lag_seconds'))}`,
  },
};

/** Seconds of queue gained in a second. */
function grown(growth: string | null): string {
  return after(', growing by ', growth, ' a second');
}

function after(before: string, figure: string | null, behind = ''): string {
  return figure === null ? '' : before + figure + behind;
}
