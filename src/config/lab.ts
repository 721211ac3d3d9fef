import { duration, field, host, orNone, toggle, wholeNumber } from './fields.ts';
import { toneProblem } from './rules.ts';
import { frequencyPlan, keyFile, level, rate } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

export interface LabConfig {
  readonly racks: number;
  readonly serversPerRack: number;
  readonly sampleRateHz: number;
  /** As text, to be handed on to the roles. */
  readonly frequencyPlanText: string;
  /** Null: until it is stopped. */
  readonly durationSeconds: number | null;
  readonly json: boolean;
  /** Null: the default port of each role. */
  readonly basePort: number | null;
  readonly host: string;
  /** 0: never. */
  readonly restartAfterSeconds: number;
  readonly keyFile: string | null;
  readonly logLevel: string;
}

/** Some two cores' worth of sending and receiving. */
const MAX_SAMPLES_PER_SECOND = 100_000;

/** Configuration of the lab. It takes nothing from the environment, which the roles it starts would see too. */
export const labSpec = defineSpec({
  role: 'lab',
  readsEnvironment: false,
  fields: {
    racks: field(wholeNumber(1, 64), { description: 'racks to start', initial: 4 }),
    servers: field(wholeNumber(1, 256), { description: 'servers in each rack', initial: 8 }),
    rate,
    frequencyPlan,
    duration: field(orNone(duration('1s', '720h')), {
      description: 'ends the lab after this',
      initial: null,
      defaultText: 'until stopped',
    }),
    json: field(toggle, { description: 'print the final tree as JSON', initial: false }),
    basePort: field(orNone(wholeNumber(1, 65_000)), {
      description: 'first port of the lab',
      initial: null,
      defaultText: 'the default port of each role',
    }),
    host: field(host, { description: 'address every role listens on', initial: '127.0.0.1' }),
    restartAfter: field(duration('0s', '24h'), {
      description: 'a role that died is started again after this; 0 never',
      initial: '10s',
    }),
    keyFile,
    logLevel: level,
  },
  rules: [
    {
      keys: ['racks', 'servers', 'rate'],
      broken: ({ racks, servers, rate: sampleRateHz }) =>
        racks * servers * sampleRateHz > MAX_SAMPLES_PER_SECOND
          ? `${racks} racks × ${servers} servers × ${sampleRateHz} samples/s is more than the ` +
            `${MAX_SAMPLES_PER_SECOND} samples/s that a lab on one machine may send`
          : null,
    },
    {
      keys: ['racks', 'servers', 'rate', 'frequencyPlan'],
      broken: (values) =>
        toneProblem({
          planText: values.frequencyPlan,
          rackIds: Array(values.racks).keys(),
          serverIds: Array(values.servers).keys(),
          sampleRateHz: values.rate,
        }),
    },
  ],
  resolve: (values): LabConfig => {
    const { servers, rate: sampleRateHz, frequencyPlan: frequencyPlanText, ...others } = values;
    const { duration: durationSeconds, restartAfter: restartAfterSeconds, ...same } = others;
    return {
      ...same,
      serversPerRack: servers,
      sampleRateHz,
      frequencyPlanText,
      durationSeconds,
      restartAfterSeconds,
    };
  },
});
