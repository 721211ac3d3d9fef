import { field, orNone, text } from './fields.ts';

/** Impairments as the user wrote them; `parseImpairment` reads them. */
export interface ImpairmentFlags {
  readonly delay: string | null;
  readonly jitter: string | null;
  readonly distribution: string | null;
  readonly correlation: string | null;
  readonly loss: string | null;
  readonly lossModel: string | null;
  readonly corrupt: string | null;
  readonly duplicate: string | null;
  readonly reorder: string | null;
  readonly gap: string | null;
  readonly rate: string | null;
  readonly limit: string | null;
}

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
};
