import type { Delay, Impairment } from '../../src/netem/impairment.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { impairmentOf, injectionOf } from './injections.ts';

/** Of what a server sends, unseeded, until it is cleared, but for what is said. */
export function heldInjection(what: Impairment, said: Partial<Injection> = {}): Injection {
  const phases = [{ seconds: 1, impairment: what }];
  return injectionOf({ phases, durationSeconds: null, seed: null, ...said });
}

export function unevenDelay(delay: Delay): Impairment {
  return impairmentOf({ delay });
}
