/** How the delay of single packets is spread about its mean; `uniform` is netem's own when none is named. */
export const DISTRIBUTIONS = ['uniform', 'normal', 'pareto', 'paretonormal'] as const;

export type Distribution = (typeof DISTRIBUTIONS)[number];

/** What can be wrong with a packet's way, in the order in which it is named. */
export const IMPAIRMENT_KINDS = ['delay', 'jitter', 'loss', 'corrupt', 'duplicate', 'reorder', 'rate'] as const;

export type ImpairmentKind = (typeof IMPAIRMENT_KINDS)[number];

export interface Delay {
  /** Mean. */
  readonly seconds: number;
  /** 0: none. At most the mean. */
  readonly jitterSeconds: number;
  readonly distribution: Distribution;
  /** Of one packet's delay with that of the packet before it, 0 to 1. */
  readonly correlation: number;
}

/** Every packet is lost with the same chance. */
export interface RandomLoss {
  readonly model: 'random';
  /** 0 to 1. */
  readonly ratio: number;
}

/** Gilbert and Elliott: a good and a bad state, as netem's `loss gemodel p r 1-h 1-k`. All from 0 to 1. */
export interface GilbertElliottLoss {
  readonly model: 'gemodel';
  /** Chance per packet to go from good to bad. */
  readonly p: number;
  /** Chance per packet to go from bad to good. */
  readonly r: number;
  /** Chance that a packet is lost in the bad state, netem's `1-h`. */
  readonly lossInBad: number;
  /** Chance that a packet is lost in the good state, netem's `1-k`. */
  readonly lossInGood: number;
}

export interface Reorder {
  /** Chance that a packet is sent at once, ahead of those that wait; 0 to 1. */
  readonly ratio: number;
  /** Only every so many-th packet has the chance; 1: each. */
  readonly gap: number;
}

/**
 * What one direction of a network does to packets: the options of `tc netem` that NetWatch uses, checked, in base
 * units. Null where nothing is done. At least one of them is something.
 */
export interface Impairment {
  readonly delay: Delay | null;
  readonly loss: RandomLoss | GilbertElliottLoss | null;
  /** Chance that one bit of a packet is flipped, 0 to 1. */
  readonly corruptRatio: number | null;
  /** Chance that a packet is sent twice, 0 to 1. */
  readonly duplicateRatio: number | null;
  /** Only with a delay. */
  readonly reorder: Reorder | null;
  readonly rateBitsPerSecond: number | null;
  /** Packets that may wait at a time; further ones are dropped. Null: netem's 1000. */
  readonly limitPackets: number | null;
}
