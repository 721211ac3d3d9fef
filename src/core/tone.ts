/** A tone of amplitude 1 that began at the Unix epoch with phase 0, so that it can be sampled at any time. */
export interface Tone {
  readonly frequencyHz: number;
  /** 2πft less whole turns; for whoever wants both of what follows, and has no time. */
  phaseRadians(seconds: number): number;
  /** sin(2πft), `Sample.im`; t in unix seconds. */
  inPhase(seconds: number): number;
  /** cos(2πft), `Sample.re`; t in unix seconds. */
  quadrature(seconds: number): number;
}

const TWO_PI = 2 * Math.PI;
/** Parts a double into its upper 21 bits and the rest (Veltkamp 1968). */
const SPLITTER = 2 ** 32 + 1;

/**
 * Makes a tone. At t ≈ 1.8e9 s the product f·t has no bits left below a millionth of a cycle. So the frequency is parted
 * in two: its upper 21 bits times whole seconds (32 bits until 2106) is exact, and what is left is small. The phase is
 * right to f · 1.2e-13 cycles.
 */
export function createTone(frequencyHz: number): Tone {
  const scaled = SPLITTER * frequencyHz;
  const upperHz = scaled - (scaled - frequencyHz);
  const lowerHz = frequencyHz - upperHz;
  const phaseRadians = (seconds: number): number => {
    const whole = Math.floor(seconds);
    return TWO_PI * fraction(fraction(upperHz * whole) + fraction(lowerHz * whole) + frequencyHz * (seconds - whole));
  };
  return {
    frequencyHz,
    phaseRadians,
    inPhase: (seconds) => Math.sin(phaseRadians(seconds)),
    quadrature: (seconds) => Math.cos(phaseRadians(seconds)),
  };
}

/** Exact, and ten times as fast as the remainder of a division by 1. */
function fraction(cycles: number): number {
  return cycles - Math.trunc(cycles);
}
