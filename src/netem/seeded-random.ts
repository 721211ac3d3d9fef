/**
 * A stream of uniform unsigned 32 bit numbers that a seed decides: mulberry32 (Tommy Ettinger), 32 bits of state, which
 * is plenty for the fate of packets and no good for secrets.
 *
 * @param seed a whole number from 0 to 2^32 - 1
 */
export function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/**
 * The seed of one server: with the same seed, no two servers draw alike, and each draws the same on every run.
 *
 * @returns a whole number from 0 to 2^32 - 1; for one seed another for each rack and server id of 16 bits
 */
export function mixSeed(seed: number, rackId: number, serverId: number): number {
  return scramble((scramble(seed) ^ ((rackId << 16) | serverId)) >>> 0);
}

/** The finalizer of MurmurHash3 (Austin Appleby): one to one on 32 bits, every bit of the input moves every bit. */
function scramble(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
