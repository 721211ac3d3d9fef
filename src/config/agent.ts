import { parseFrequencyPlan, type FrequencyPlan } from '../core/frequency-plan.ts';
import {
  field,
  host,
  identifier,
  labels,
  listenPort,
  nameTemplate,
  number,
  oneOf,
  orNone,
  remotePort,
  serverList,
} from './fields.ts';
import type { Labels } from './labels.ts';
import { toneProblem } from './rules.ts';
import { controlTokenFile, frequencyPlan, keyFile, level, metricsHost, metricsPort, rate } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

export interface AgentConfig {
  readonly rackId: number;
  /** Sorted, each once, at least one. */
  readonly serverIds: readonly number[];
  readonly rackControllerHost: string;
  readonly rackControllerPort: number;
  /** Samples per second and server. */
  readonly sampleRateHz: number;
  readonly wire: 'binary' | 'json';
  readonly frequencyPlan: FrequencyPlan;
  /** To be filled in by renderName. */
  readonly nameTemplate: string;
  readonly labels: Labels;
  readonly keyFile: string | null;
  readonly metricsHost: string;
  readonly metricsPort: number;
  /** Where chaos is controlled, on loopback only; null: nowhere. */
  readonly controlPort: number | null;
  readonly controlTokenFile: string | null;
  readonly logLevel: string;
}

/** Configuration of an agent, which sings for one server or for many. */
export const agentSpec = defineSpec({
  role: 'agent',
  readsEnvironment: true,
  fields: {
    rackId: field(identifier, { description: 'rack the servers stand in', initial: 0 }),
    servers: field(serverList, {
      description: 'servers to sing for: 3, 0-7 or 1,3,5-7',
      initial: '0',
      environmentName: 'SERVER_ID',
      aliases: ['server-id'],
    }),
    rackControllerHost: field(host, { description: 'rack controller to send to', initial: '127.0.0.1' }),
    rackControllerPort: field(remotePort, { description: 'UDP port of the rack controller', initial: 9999 }),
    rate: { ...rate, derive: { from: 'intervalSec', convert: (seconds: unknown) => 1 / Number(seconds) } },
    intervalSec: field(orNone(number(0.001, 1)), {
      description: 'seconds between samples; another way to give the rate',
      initial: null,
    }),
    wire: field(oneOf(['binary', 'json']), { description: 'form of the datagrams', initial: 'binary' }),
    frequencyPlan,
    name: field(nameTemplate, {
      description: 'name that each server announces',
      initial: 'server-{rack}-{server}',
    }),
    label: field(orNone(labels), { description: 'label to announce, key=value', initial: null }),
    keyFile,
    metricsHost,
    metricsPort,
    controlPort: field(orNone(listenPort), {
      description: 'port on 127.0.0.1 where chaos is controlled; 0 takes a free one',
      initial: null,
      defaultText: 'no control',
    }),
    controlTokenFile,
    logLevel: level,
  },
  rules: [
    {
      keys: ['rate', 'intervalSec'],
      broken: ({ rate: samplesPerSecond, intervalSec }) =>
        intervalSec === null || Math.abs(samplesPerSecond * intervalSec - 1) <= 0.001
          ? null
          : `${samplesPerSecond} samples/s and an interval of ${intervalSec} s disagree: give one of them`,
    },
    {
      keys: ['wire', 'keyFile'],
      broken: ({ wire, keyFile: key }) =>
        wire === 'json' && key !== null
          ? 'JSON datagrams cannot be authenticated: use --wire binary or give no key file'
          : null,
    },
    {
      keys: ['controlPort', 'controlTokenFile'],
      broken: ({ controlPort, controlTokenFile: tokenFile }) =>
        controlPort !== null && tokenFile === null
          ? 'whoever may break the network of this agent must show a token: give --control-token-file too'
          : null,
    },
    {
      keys: ['rackId', 'servers', 'rate', 'frequencyPlan'],
      broken: (values) =>
        toneProblem({
          planText: values.frequencyPlan,
          rackIds: [values.rackId],
          serverIds: values.servers,
          sampleRateHz: values.rate,
        }),
    },
  ],
  resolve: (values): AgentConfig => {
    // The interval went into the rate.
    const { servers: serverIds, rate: sampleRateHz, intervalSec: _, name, label, ...same } = values;
    return {
      ...same,
      serverIds,
      sampleRateHz,
      frequencyPlan: parseFrequencyPlan(values.frequencyPlan),
      nameTemplate: name,
      labels: label ?? {},
    };
  },
});
