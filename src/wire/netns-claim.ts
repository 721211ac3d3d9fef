import * as v from 'valibot';
import { parseJson } from './json-text.ts';

/**
 * What a lab with network namespaces says of itself in a file, before it makes any of them and until all are gone:
 * which addresses are its own, and by which names its leftovers are found when it was killed. Hence snake_case.
 */
export interface NetnsClaim {
  readonly version: 1;
  /** Of the lab. */
  readonly pid: number;
  /** When that process was started, in clock ticks since the machine was: the same id may be another's later. */
  readonly start_ticks: number;
  /** The first two numbers of its addresses: `10.78`. */
  readonly network: string;
  readonly racks: number;
  readonly servers_per_rack: number;
}

const NetnsClaimSchema: v.GenericSchema<unknown, NetnsClaim> = v.object({
  version: v.literal(1),
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  start_ticks: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  network: v.pipe(v.string(), v.regex(/^\d{1,3}\.\d{1,3}$/)),
  racks: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
  servers_per_rack: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)),
});

/** Reads the text of a claim; null for what is none. Never throws. */
export function parseNetnsClaim(text: string): NetnsClaim | null {
  const parsed = v.safeParse(NetnsClaimSchema, parseJson(text));
  return parsed.success ? parsed.output : null;
}

/**
 * The environment variable in which everything that holds an injection in a server's namespace names that namespace:
 * whoever takes the namespace away can tell it first.
 */
export const NAMESPACE_MARK = 'NETWATCH_NAMESPACE';

/** The one network device of a server in its namespace, besides loopback. */
export const SERVER_DEVICE = 'eth0';
