/** Normal variables are drawn from a table of so many: a simulated year needs more of them than anything else. */
const TABLE_SIZE = 2 ** 16;
/** A table of quantiles ends here, at 4.2 sigma. */
let quantiles: Float64Array | null = null;

/** Seeded random numbers, fast: mulberry32. */
export class FastRandom {
  #state: number;
  readonly #table = (quantiles ??= normalTable());

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0;
  }

  /** 32 random bits. */
  bits(): number {
    const state = (this.#state = (this.#state + 0x6d2b79f5) | 0);
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /** Standard normal, one of 65 536 quantiles. */
  normal(): number {
    return this.#table[this.bits() & (TABLE_SIZE - 1)] ?? 0;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }
}

function normalTable(): Float64Array {
  const random = new FastRandomSeed();
  return Float64Array.from({ length: TABLE_SIZE }, () => {
    return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  });
}

/** What fills the table: always the same. */
class FastRandomSeed {
  #state = 12345;
  uniform(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    const mixed = Math.imul(this.#state ^ (this.#state >>> 16), 0x45d9f3b);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  }
}
