import { field, number, toggle } from './fields.ts';
import { seed, sparePort, targetFields, type ChaosTargetConfig } from './chaos-target.ts';
import { defineSpec } from './spec.ts';

export interface ChaosRunConfig extends ChaosTargetConfig {
  /** How many times as fast as it is written. */
  readonly speed: number;
  /** Takes the place of the scenario's own. */
  readonly seed: number | null;
  readonly sparePorts: readonly number[];
  /** Only say whether the file is valid. */
  readonly check: boolean;
}

/** What `netwatch chaos run` is told. */
export const chaosRunSpec = defineSpec({
  role: 'chaos run',
  readsEnvironment: false,
  fields: {
    speed: field(number(0.1, 100), {
      description: 'run the timeline this many times as fast; what is expected keeps its time',
      initial: 1,
    }),
    seed: { ...seed, defaultText: "the scenario's own" },
    check: field(toggle, { description: 'only say whether the file is a valid scenario', initial: false }),
    sparePort,
    ...targetFields,
  },
  rules: [],
  resolve: ({ sparePort: spared, ...same }): ChaosRunConfig => ({ ...same, sparePorts: spared ?? [] }),
});
