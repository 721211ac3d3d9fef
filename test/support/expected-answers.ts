import type { Choice } from './promql-expressions.ts';

/** How many racks and servers in each the lab has. */
export const LAB_SIZE = { racks: 4, servers: 4 } as const;

/** What an expression is meant to answer. */
export interface ExpectedAnswer {
  /** The names of the labels of each series, `__name__` where it is kept. */
  readonly labels: readonly string[];
  /** The label sets that there are to be one series for, of those labels; null: it cannot be told beforehand. */
  readonly each: ((choice: Choice) => readonly Readonly<Record<string, string>>[]) | null;
  /** When there is an answer, of one that is empty in a healthy lab; null: there always is. */
  readonly when: Stage | null;
  /** Of one that is never seen: why it cannot be made to answer here. */
  readonly cannot?: string;
}

/**
 * What makes an expression answer that is empty in a healthy lab. `chaos`: injections, and strangers. `shared`: most of a
 * rack have a fault that destroys nothing. `outage`: the datacenter and a rack are gone. `alone`: controllers outside of the lab, whose servers have another clock or do not
 * sing, and whose reports go nowhere. `unwatched`: no targets. `never`: nothing that can be done here.
 */
export type Stage = 'chaos' | 'shared' | 'outage' | 'alone' | 'unwatched' | 'never';

const racksOf = ({ rack }: Choice): readonly string[] =>
  rack === 'all' ? Array.from({ length: LAB_SIZE.racks }, (_, id) => `${id}`) : rack;
const serversOf = ({ server }: Choice): readonly string[] =>
  server === 'all' ? Array.from({ length: LAB_SIZE.servers }, (_, id) => `${id}`) : server;

const racks = (choice: Choice) => racksOf(choice).map((id) => ({ rack_id: id }));
const servers = (choice: Choice) =>
  racks(choice).flatMap((rack) => serversOf(choice).map((id) => ({ ...rack, server_id: id })));
/** Those of the racks; and the datacenter's, which is of no rack, while all are chosen. */
const processes = (choice: Choice) => [
  ...(choice.rack === 'all' ? [{ instance: 'datacenter' }] : []),
  ...racksOf(choice).flatMap((id) => [{ instance: `rack-${id}` }, { instance: `agent-${id}` }]),
];
const BUCKETS = [1, 5, 10, 25, 50, 100, 250, 500, 1000, '+Inf'];

function answer(labels: string, each: ExpectedAnswer['each']): ExpectedAnswer {
  return { labels: labels === '' ? [] : labels.split(' '), each, when: null };
}

/** An answer that is empty while all is well. */
export function quiet(labels: string, when: Stage = 'chaos'): ExpectedAnswer {
  return { ...answer(labels, null), when };
}

/** One that is empty while all is well, and cannot be made to answer here. */
export function unseen(labels: string, cannot: string): ExpectedAnswer {
  return { ...quiet(labels, 'never'), cannot };
}

/** An answer with these labels for some series that are told by others. */
export function some(labels: string, ...series: readonly Readonly<Record<string, string>>[]): ExpectedAnswer {
  return answer(labels, series.length === 0 ? null : () => series);
}

// The kinds of answers. "Raw" is a metric as it was scraped.

/** One number. */
export const ONE = answer('', () => [{}]);
export const DATACENTER = answer('dc_id', ({ datacenter }) => [{ dc_id: datacenter }]);
export const RAW_DATACENTER = answer('__name__ dc_id instance job', ({ datacenter }) => [{ dc_id: datacenter }]);
export const RACK = answer('dc_id rack_id', racks);
export const RECORDED_RACK = answer('__name__ dc_id rack_id', racks);
export const SERVER = answer('dc_id rack_id server_id', servers);
export const NAMED_SERVER = answer('dc_id name rack_id server_id', (choice) =>
  servers(choice).map((ids) => ({ ...ids, name: `r${ids.rack_id}-s${ids.server_id}` })),
);
export const RELEASED_SERVER = answer('dc_id name rack_id server_id version', servers);
/** Those of racks have their rack, that of the datacenter has none. */
export const RAW_PROCESS = answer('__name__ dc_id instance job rack_id?', processes);
export const PROCESS = answer('dc_id instance job rack_id?', processes);
export const SCRAPED_PROCESS = answer('instance job rack_id? server_id?', processes);
export const BY_INSTANCE = answer('instance', processes);
export const AGENT_PROCESS = answer('dc_id instance rack_id', (choice) =>
  racksOf(choice).map((id) => ({ instance: `agent-${id}`, rack_id: id })),
);
export const RACK_PROCESS = answer('dc_id instance', (choice) =>
  racksOf(choice).map((id) => ({ instance: `rack-${id}` })),
);
export const BUCKET = answer('le', () => BUCKETS.map((le) => ({ le: `${le}` })));
export const ROLES = answer('role version', () => ['agent', 'datacenter', 'rack'].map((role) => ({ role })));
export const DATACENTER_ROLES = answer('dc_id role version', () =>
  ['agent', 'datacenter', 'rack'].map((role) => ({ role })),
);
export const RULE_GROUPS = answer('__name__ dc_id instance job rule_group', null);
/** A lab has one, so that all there are is what is chosen. */
export const CHOOSABLE_DATACENTER = DATACENTER;
/** What a variable offers does not depend on what is chosen of it. */
export const CHOOSABLE_RACK = answer('rack_id', (choice) => racks({ ...choice, rack: 'all' }));
export const CHOOSABLE_SERVER = answer('server_id', (choice) =>
  serversOf({ ...choice, server: 'all' }).map((id) => ({ server_id: id })),
);
