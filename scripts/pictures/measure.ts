import {
  type Arrival,
  type Heard,
  type LinkOptions,
  listen,
  meanError,
  simulateLink,
} from '../../test/support/simulated-link.ts';

/** What a link does; the tone and the seed are added when it is heard. */
export type Impairment = Omit<LinkOptions, 'seed' | 'seconds' | 'toneHz'>;

/** Verdicts before this second do not look at a full window yet. */
export const FULL_WINDOW_SECONDS = 14;

/** Every sample is lost with probability p, independently. */
export function randomLoss(p: number): Impairment {
  return { network: (_, random) => (random.uniform() < p ? null : 0) };
}

/** The network's delay is normally distributed. */
export function gaussianJitter(sigmaSeconds: number): Impairment {
  return { networkNoiseSeconds: sigmaSeconds };
}

/** 20 ms more delay for 0.3 s, every 2 s. */
export const PERIODIC_STALL: Impairment = { network: (elapsed) => (elapsed % 2 < 0.3 ? 0.02 : 0) };

/** Arrivals over a simulated link. The seed follows from the tone, so every run sees the same network. */
export function arrivalsOf(toneHz: number, seconds: number, impairment: Impairment): Arrival[] {
  return simulateLink({ seed: Math.round(toneHz * 100), seconds, toneHz, ...impairment });
}

/** Lets the real receiver hear a simulated link. */
export function hear(toneHz: number, seconds: number, impairment: Impairment): Heard {
  return listen(arrivalsOf(toneHz, seconds, impairment), { toneHz });
}

/** Mean spectral error over all full windows, one a second. */
export function measuredError(toneHz: number, seconds: number, impairment: Impairment): number {
  return meanError(hear(toneHz, seconds, impairment).judgements, FULL_WINDOW_SECONDS);
}
