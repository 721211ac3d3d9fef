import type { DetectionOptions } from '../core/detect/detection-options.ts';
import { parseFrequencyPlan, type FrequencyPlan } from '../core/frequency-plan.ts';
import {
  duration,
  field,
  file,
  host,
  identifier,
  listenPort,
  orNone,
  powerOfTwo,
  remotePort,
  serverList,
  toggle,
  wholeNumber,
} from './fields.ts';
import { certificateWithKey, toneProblem } from './rules.ts';
import { detectionWith, severity } from './severity.ts';
import { frequencyPlan, incidentSpan, keyFile, level, metricsHost, metricsPort, rate } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

export interface RackConfig {
  readonly rackId: number;
  readonly udpListenHost: string;
  readonly udpListenPort: number;
  readonly dcControllerHost: string;
  readonly dcControllerPort: number;
  readonly sampleRateHz: number;
  readonly frequencyPlan: FrequencyPlan;
  /** A power of two. */
  readonly windowSlots: number;
  /** Sorted, each once; null: every server that was heard. */
  readonly expectedServerIds: readonly number[] | null;
  readonly detection: DetectionOptions;
  readonly forgetAfterSeconds: number;
  readonly maxServers: number;
  readonly keyFile: string | null;
  /** Authenticated datagrams sent further than this from the rack's own time are refused. */
  readonly maxClockOffsetSeconds: number;
  /** Most reports kept while the datacenter is away. */
  readonly reportQueue: number;
  /** Where capsules of incidents go; null: none are made. */
  readonly incidentDir: string | null;
  /** Of all capsules together. */
  readonly incidentBytes: number;
  /** How much is kept of what came before a fault began, and after it was found. */
  readonly incidentSpanSeconds: number;
  readonly tls: boolean;
  readonly tlsCaFile: string | null;
  readonly tlsCertFile: string | null;
  readonly tlsKeyFile: string | null;
  readonly metricsHost: string;
  readonly metricsPort: number;
  readonly logLevel: string;
}

/** Room for two long capsules. */
const MIN_INCIDENT_BYTES = 8 * 2 ** 20;

/** Configuration of a rack controller. */
export const rackSpec = defineSpec({
  role: 'rack',
  readsEnvironment: true,
  fields: {
    rackId: field(identifier, { description: 'the rack it listens for', initial: 0 }),
    udpListenHost: field(host, { description: 'address that receives samples', initial: '127.0.0.1' }),
    udpListenPort: field(listenPort, { description: 'UDP port that receives samples', initial: 9999 }),
    dcControllerHost: field(host, { description: 'datacenter controller to report to', initial: '127.0.0.1' }),
    dcControllerPort: field(remotePort, { description: 'TCP port of the datacenter controller', initial: 9990 }),
    rate,
    frequencyPlan,
    window: field(powerOfTwo(64, 4096), { description: 'slots of one window', initial: 256 }),
    expect: field(orNone(serverList), {
      description: 'servers that ought to be heard: 0-7 or 1,3,5-7',
      initial: null,
      defaultText: 'every server that was heard',
    }),
    severity,
    forgetAfter: field(duration('1s', '720h'), { description: 'silence that forgets a server', initial: '15m' }),
    maxServers: field(wholeNumber(1, 4096), { description: 'most servers listened to', initial: 1024 }),
    keyFile,
    maxClockOffset: field(duration('1s', '24h'), {
      description: "furthest an authenticated sample's send time may be from the rack's own time",
      initial: '5m',
    }),
    reportQueue: field(wholeNumber(1, 1_000_000), {
      description: 'most reports kept while the datacenter is away',
      initial: 3600,
    }),
    incidentDir: field(orNone(file), {
      description: 'directory for capsules of incidents, made where there is none; racks may share one',
      initial: null,
      defaultText: 'no capsules',
    }),
    incidentBytes: field(wholeNumber(MIN_INCIDENT_BYTES, 2 ** 40), {
      description: 'most bytes of all capsules; the oldest go first',
      initial: 64 * 2 ** 20,
    }),
    incidentSpan,
    tls: field(toggle, { description: 'report over TLS', initial: false }),
    tlsCaFile: field(orNone(file), {
      description: 'authority that signed the certificate of the datacenter',
      initial: null,
    }),
    tlsCertFile: field(orNone(file), { description: 'certificate this rack shows', initial: null }),
    tlsKeyFile: field(orNone(file), { description: 'private key of that certificate', initial: null }),
    metricsHost,
    metricsPort,
    logLevel: level,
  },
  rules: [
    certificateWithKey,
    {
      keys: ['tlsCaFile', 'tlsCertFile', 'tlsKeyFile'],
      broken: ({ tls, tlsCaFile, tlsCertFile, tlsKeyFile }) =>
        !tls && (tlsCaFile !== null || tlsCertFile !== null || tlsKeyFile !== null)
          ? 'TLS files are given but TLS is off: add --tls'
          : null,
    },
    {
      keys: ['expect', 'maxServers'],
      broken: ({ expect, maxServers }) =>
        expect !== null && expect.length > maxServers
          ? `${expect.length} servers are expected, but at most ${maxServers} are listened to`
          : null,
    },
    {
      keys: ['rackId', 'expect', 'rate', 'frequencyPlan'],
      broken: (values) =>
        toneProblem({
          planText: values.frequencyPlan,
          rackIds: [values.rackId],
          // Not told whom to expect, the rack must at least be able to hear its first server.
          serverIds: values.expect ?? [0],
          sampleRateHz: values.rate,
        }),
    },
  ],
  resolve: (values): RackConfig => {
    const {
      rate: sampleRateHz,
      window: windowSlots,
      expect: expectedServerIds,
      severity: given,
      forgetAfter: forgetAfterSeconds,
      maxClockOffset: maxClockOffsetSeconds,
      incidentSpan: incidentSpanSeconds,
      ...same
    } = values;
    return {
      ...same,
      sampleRateHz,
      frequencyPlan: parseFrequencyPlan(values.frequencyPlan),
      windowSlots,
      expectedServerIds,
      detection: detectionWith(given),
      forgetAfterSeconds,
      maxClockOffsetSeconds,
      incidentSpanSeconds,
    };
  },
});
