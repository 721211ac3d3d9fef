import { duration, field, file, frequencyPlanText, host, listenPort, logLevel, orNone, sampleRate } from './fields.ts';

/** Keys that mean the same in every role that has them. */
export const rate = field(sampleRate, { description: 'samples per second and server', initial: 20 });

export const frequencyPlan = field(frequencyPlanText, {
  description: 'which tone each server sings: default (1 + rack + 0.05 × server Hz) or band:LOW-HIGH',
  initial: 'default',
});

export const keyFile = field(orNone(file), {
  description: 'file with the key that authenticates every datagram',
  initial: null,
});

export const metricsHost = field(host, { description: 'address that serves /metrics', initial: '127.0.0.1' });

export const metricsPort = field(listenPort, {
  description: 'port that serves /metrics; 0 takes a free one',
  initial: 8000,
});

export const level = field(logLevel, { description: 'least severe log line written to stderr', initial: 'info' });

export const controlTokenFile = field(orNone(file), {
  description: 'file with the token that whoever controls chaos must show; without one there is no control',
  initial: null,
  defaultText: 'no control',
});

export const incidentSpan = field(duration('1s', '10m'), {
  description: 'kept of what came before a fault began, as far as it is held, and after it was found',
  initial: '1m',
});
