import { duration, field, file, host, oneOf, orNone, toggle, wholeNumber } from './fields.ts';
import { clusterToneRule } from './rules.ts';
import { severity, severityText } from './severity.ts';
import { frequencyPlan, incidentSpan, keyFile, level, rate } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

/** `none`: every role on one host. `netns`: each server in a network namespace of its own (root on Linux). */
export type Isolation = 'none' | 'netns';

export interface LabConfig {
  readonly racks: number;
  readonly serversPerRack: number;
  readonly sampleRateHz: number;
  /** As text, to be handed on to the roles. */
  readonly frequencyPlanText: string;
  /** Null: until it is stopped. */
  readonly durationSeconds: number | null;
  readonly json: boolean;
  /** Open the dashboard in the browser of its user. */
  readonly open: boolean;
  /** Null: the default port of each role. */
  readonly basePort: number | null;
  readonly host: string;
  readonly isolation: Isolation;
  /** 0: never. */
  readonly restartAfterSeconds: number;
  readonly keyFile: string | null;
  /** Null: a folder of the lab's own, which goes with it. */
  readonly incidentDir: string | null;
  /** How much its racks keep of what came before a fault began, and after it was found. */
  readonly incidentSpanSeconds: number;
  /** As text, to be handed on to the racks; null: the defaults. */
  readonly severityText: string | null;
  readonly logLevel: string;
}

/** Some two cores' worth of sending and receiving. */
const MAX_SAMPLES_PER_SECOND = 100_000;
/** Each has a process of its own then; a rack's /24 network would have addresses for 253. */
const MAX_NAMESPACES = 250;
const AGENT_MEGABYTES = 45;

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
    open: field(toggle, { description: 'open the dashboard in the browser once everything runs', initial: false }),
    basePort: field(orNone(wholeNumber(1, 65_000)), {
      description: 'first port of the lab',
      initial: null,
      defaultText: 'the default port of each role',
    }),
    host: field(host, { description: 'address every role listens on', initial: '127.0.0.1' }),
    isolation: field(oneOf<Isolation>(['none', 'netns']), {
      description:
        'netns gives each server a network namespace and an agent of its own, some ' +
        `${AGENT_MEGABYTES} MB each (root, Linux)`,
      initial: 'none',
    }),
    restartAfter: field(duration('0s', '24h'), {
      description: 'a role that died is started again after this; 0 never',
      initial: '10s',
    }),
    keyFile,
    incidentDir: field(orNone(file), {
      description: 'directory that keeps the capsules of incidents when the lab has ended',
      initial: null,
      defaultText: 'they go with the lab',
    }),
    incidentSpan,
    severity,
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
      keys: ['isolation', 'racks', 'servers'],
      broken: ({ isolation, racks, servers }) =>
        isolation === 'netns' && racks * servers > MAX_NAMESPACES
          ? `${racks} × ${servers} servers are more than the ${MAX_NAMESPACES} namespaces a lab may have; ` +
            `each has an agent of its own, which takes some ${AGENT_MEGABYTES} MB`
          : null,
    },
    clusterToneRule,
  ],
  resolve: (values): LabConfig => {
    const {
      servers,
      rate: sampleRateHz,
      frequencyPlan: frequencyPlanText,
      duration: durationSeconds,
      restartAfter: restartAfterSeconds,
      incidentSpan: incidentSpanSeconds,
      severity: given,
      ...same
    } = values;
    return {
      ...same,
      serversPerRack: servers,
      sampleRateHz,
      frequencyPlanText,
      durationSeconds,
      restartAfterSeconds,
      incidentSpanSeconds,
      severityText: given && severityText(given),
    };
  },
});
