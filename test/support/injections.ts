import type { Impairment } from '../../src/netem/impairment.ts';
import type { Injection } from '../../src/wire/injection.ts';

/** Nothing is impaired. */
export const NO_IMPAIRMENT: Impairment = {
  delay: null,
  loss: null,
  corruptRatio: null,
  duplicateRatio: null,
  reorder: null,
  rateBitsPerSecond: null,
  limitPackets: null,
};

export function impairmentOf(changes: Partial<Impairment>): Impairment {
  return { ...NO_IMPAIRMENT, ...changes };
}

/** Random loss, 0 to 1. */
export function lossOf(ratio: number): Impairment {
  return impairmentOf({ loss: { model: 'random', ratio } });
}

/** The same delay for every packet. */
export function delayOf(seconds: number, jitterSeconds = 0): Impairment {
  return impairmentOf({ delay: { seconds, jitterSeconds, distribution: 'uniform', correlation: 0 } });
}

/** A minute of 20 % loss, with a seed. */
export function injectionOf(changes: Partial<Injection> = {}): Injection {
  return {
    id: '0123456789ab',
    phases: [{ seconds: 60, impairment: lossOf(0.2) }],
    repeats: false,
    durationSeconds: 60,
    direction: 'egress',
    sparePorts: [],
    seed: 7,
    ...changes,
  };
}

/** 1 Mbit/s for a minute, on what a server sends. */
export function rateInjection(more: Partial<Injection> = {}): Injection {
  const phases = [{ seconds: 60, impairment: impairmentOf({ rateBitsPerSecond: 1_000_000 }) }];
  return injectionOf({ id: 'abcdef012345', phases, seed: null, ...more });
}
