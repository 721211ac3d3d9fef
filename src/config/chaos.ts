import { DIRECTIONS, type Direction } from '../wire/injection.ts';
import { IMPAIRMENT_FLAGS, impairmentFields, type ImpairmentFlags } from './chaos-impairment.ts';
import { seed, sparePort, targetFields, type ChaosTargetConfig } from './chaos-target.ts';
import { duration, field, oneOf, orNone, toggle } from './fields.ts';
import { ids } from './id-lists.ts';
import { defineSpec } from './spec.ts';

export interface ChaosConfig extends ChaosTargetConfig, ImpairmentFlags {
  /** Sorted, each once; null: every one. */
  readonly racks: readonly number[] | null;
  readonly servers: readonly number[] | null;
  readonly seed: number | null;
  /** Null: until it is cleared. */
  readonly durationSeconds: number | null;
  readonly direction: Direction;
  readonly sparePorts: readonly number[];
  readonly action: 'inject' | 'clear';
  readonly dryRun: boolean;
  /** Return once it is in force. */
  readonly detach: boolean;
}

/** What a clear has no use for. */
const ONLY_TO_INJECT = [...IMPAIRMENT_FLAGS, 'seed', 'duration', 'forever', 'detach', 'sparePort'] as const;

const DEFAULT_SECONDS = 60;

/** What `netwatch chaos` is told. Nothing of it comes from the environment: what is broken stands on the command line. */
export const chaosSpec = defineSpec({
  role: 'chaos',
  readsEnvironment: false,
  fields: {
    rack: field(orNone(ids), { description: 'racks to break', initial: null, aliases: ['racks'] }),
    server: field(orNone(ids), {
      description: 'servers to break in each of these racks',
      initial: null,
      defaultText: 'all of the racks',
      aliases: ['servers'],
    }),
    all: field(toggle, { description: 'every server of every rack', initial: false }),
    ...impairmentFields,
    duration: field(orNone(duration('100ms', '24h')), {
      description: 'undone by itself after this',
      initial: null,
      defaultText: '60s',
    }),
    forever: field(toggle, { description: 'not undone by itself', initial: false }),
    direction: field(oneOf(DIRECTIONS), {
      description: 'what a server sends, receives, or both',
      initial: 'egress',
    }),
    sparePort,
    seed: { ...seed, defaultText: 'another each time' },
    clear: field(toggle, {
      description: 'undo what is injected, everywhere unless --rack or --server say where',
      initial: false,
    }),
    detach: field(toggle, { description: 'return once it is in force; it still ends by itself', initial: false }),
    dryRun: field(toggle, { description: 'print what would be done, and do nothing', initial: false }),
    ...targetFields,
  },
  rules: [
    {
      keys: ['rack', 'server', 'all'],
      broken: ({ rack, server, all, clear }) => {
        if (all && (rack !== null || server !== null)) return 'everything, or some: give --all or --rack and --server';
        const isUnsaid = !all && rack === null && server === null;
        return isUnsaid && !clear ? 'say what to break: --rack 0, --rack 0 --server 3, --server 3 or --all' : null;
      },
    },
    {
      keys: ['duration', 'forever'],
      broken: ({ duration: seconds, forever }) =>
        forever && seconds !== null ? 'a duration, or forever: give one of them' : null,
    },
    {
      keys: ['clear', ...ONLY_TO_INJECT],
      broken: (values) =>
        values.clear && ONLY_TO_INJECT.some((key) => values[key] !== null && values[key] !== false)
          ? 'clear undoes whatever is there: give it only --rack, --server or --all'
          : null,
    },
  ],
  resolve: (values): ChaosConfig => {
    const { rack, server, all: _, clear, forever, duration: seconds, sparePort: spared, ...same } = values;
    return {
      ...same,
      racks: rack,
      servers: server,
      durationSeconds: forever ? null : (seconds ?? DEFAULT_SECONDS),
      sparePorts: spared ?? [],
      action: clear ? 'clear' : 'inject',
    };
  },
});
