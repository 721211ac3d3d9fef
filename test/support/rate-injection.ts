import type { Impairment } from '../../src/netem/impairment.ts';
import type { Injection } from '../../src/wire/injection.ts';

/** Nothing but a rate: what every kernel can do, also one without netem. */
export function rateOf(rateBitsPerSecond: number): Impairment {
  const nothing = { delay: null, loss: null, corruptRatio: null, duplicateRatio: null, reorder: null };
  return { ...nothing, rateBitsPerSecond, limitPackets: null };
}

/** 1 Mbit/s for a minute, on what a server sends, but for what is said. */
export function rateInjection(said: Partial<Injection> = {}): Injection {
  return {
    id: 'abcdef012345',
    phases: [{ seconds: 60, impairment: rateOf(1_000_000) }],
    repeats: false,
    durationSeconds: 60,
    direction: 'egress',
    sparePorts: [],
    seed: null,
    ...said,
  };
}
