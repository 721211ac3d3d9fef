import { field, type Field, orNone, text } from './fields.ts';

export const IMPAIRMENT_FLAGS = [
  ...(['delay', 'jitter', 'distribution', 'correlation', 'loss', 'lossModel'] as const),
  ...(['corrupt', 'duplicate', 'reorder', 'gap', 'rate', 'limit'] as const),
] as const;

type ImpairmentFlag = (typeof IMPAIRMENT_FLAGS)[number];

/** Impairments as the user wrote them, null for those that were not given; `parseImpairment` reads them. */
export type ImpairmentFlags = Readonly<Record<ImpairmentFlag, string | null>>;

/** Read by its own parser, which knows what goes together. */
const asWritten = orNone(text(/^.{1,100}$/, 'one value'));

/** One flag for each option of netem. */
export const impairmentFields = {
  delay: field(asWritten, { description: 'hold every packet back, as 200ms', initial: null }),
  jitter: field(asWritten, { description: 'spread of the delay, as 20ms; at most the delay', initial: null }),
  distribution: field(asWritten, {
    description: 'of the delay about its mean: uniform, normal, pareto, paretonormal',
    initial: null,
    defaultText: 'uniform',
  }),
  correlation: field(asWritten, { description: "of a packet's delay with the last one's, as 25%", initial: null }),
  loss: field(asWritten, { description: 'per cent of packets to lose, as 20 or 0.5%', initial: null }),
  lossModel: field(asWritten, {
    description: 'losses in bursts: gemodel:p,r,1-h,1-k in per cent (Gilbert and Elliott)',
    initial: null,
  }),
  corrupt: field(asWritten, { description: 'per cent of packets in which a bit is flipped', initial: null }),
  duplicate: field(asWritten, { description: 'per cent of packets sent twice', initial: null }),
  reorder: field(asWritten, { description: 'per cent of packets that overtake; needs --delay', initial: null }),
  gap: field(asWritten, { description: 'only every so many-th packet may overtake', initial: null }),
  rate: field(asWritten, { description: 'bandwidth, as 1mbit; a server sends about 12kbit', initial: null }),
  limit: field(asWritten, { description: 'packets that may wait', initial: null, defaultText: '1000' }),
} satisfies Record<ImpairmentFlag, Field<string | null>>;
