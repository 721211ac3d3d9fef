import { checkPlan, parseFrequencyPlan } from '../core/frequency-plan.ts';
import type { Rule } from './spec.ts';

/** What is wrong with the tones of these racks and servers, or null when each stays below 0.45 × the sample rate. */
export function toneProblem(options: {
  planText: string;
  rackIds: Iterable<number>;
  serverIds: Iterable<number>;
  sampleRateHz: number;
}): string | null {
  const { planText, rackIds, serverIds, sampleRateHz } = options;
  try {
    checkPlan({ plan: parseFrequencyPlan(planText), rackIds, serverIds, sampleRateHz });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface ClusterTones {
  readonly racks: number;
  readonly servers: number;
  readonly rate: number;
  readonly frequencyPlan: string;
}

/** The tones of so many racks, counted from 0, with so many servers each. */
export const clusterToneRule: Rule<ClusterTones> = {
  keys: ['racks', 'servers', 'rate', 'frequencyPlan'],
  broken: ({ racks, servers, rate: sampleRateHz, frequencyPlan: planText }) =>
    toneProblem({ planText, rackIds: Array(racks).keys(), serverIds: Array(servers).keys(), sampleRateHz }),
};

interface TlsFiles {
  readonly tlsCertFile: string | null;
  readonly tlsKeyFile: string | null;
}

/** A certificate is of no use without its key, nor a key without its certificate. */
export const certificateWithKey: Rule<TlsFiles> = {
  keys: ['tlsCertFile', 'tlsKeyFile'],
  broken: ({ tlsCertFile, tlsKeyFile }) =>
    (tlsCertFile === null) === (tlsKeyFile === null)
      ? null
      : 'a certificate and its private key go together: give both --tls-cert-file and --tls-key-file, or neither',
};
