/**
 * What an impairment may be. Wider than any real network, narrower than netem: what is beyond is a slip of the hand, or
 * something that some kernel would cut without a word.
 */

/** Longer, and everything that talks has given up. netem itself could hold centuries. */
export const MAX_DELAY_SECONDS = 60;
/** The kernel keeps jitter in 31 bits of nanoseconds and cuts what is above 2.147 s without a word. */
export const MAX_JITTER_SECONDS = 2;
/** netem counts in steps of 2^-32; this is four of them. */
export const MIN_RATIO = 1e-9;
/** A sample of a server takes 0.6 s at this rate. Also the least for which a token bucket's time fits its 32 bits. */
export const MIN_RATE_BITS_PER_SECOND = 1000;
export const MAX_RATE_BITS_PER_SECOND = 100e9;
export const MAX_GAP = 1_000_000;
/** Packets of 1500 bytes would then take 150 MB of a kernel's memory. */
export const MAX_LIMIT_PACKETS = 100_000;
/** How many packets netem lets wait unless it is told. */
export const DEFAULT_LIMIT_PACKETS = 1000;
