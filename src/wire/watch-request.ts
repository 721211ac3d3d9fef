import * as v from 'valibot';
import { IdSchema, PositiveSchema } from './bounded-schemas.ts';
import { parseJson } from './json-text.ts';

/** Most servers of a rack that are watched at once. */
export const MAX_WATCHED_SERVERS = 32;

/**
 * What a datacenter asks of a rack over its report connection: frames of these servers, and of no others, until the
 * lease is over. It is said again while somebody watches, so that a datacenter that died is not sent frames for ever.
 */
export interface WatchRequest {
  readonly type: 'watch';
  readonly rack_id: number;
  /** All that are watched now; none: stop. */
  readonly server_ids: readonly number[];
  /** Time between two frames of a server. */
  readonly interval_seconds: number;
  readonly lease_seconds: number;
}

const WatchRequestSchema: v.GenericSchema<unknown, WatchRequest> = v.object({
  type: v.literal('watch'),
  rack_id: IdSchema,
  server_ids: v.pipe(v.array(IdSchema), v.maxLength(MAX_WATCHED_SERVERS)),
  interval_seconds: v.pipe(PositiveSchema, v.minValue(0.1), v.maxValue(60)),
  lease_seconds: v.pipe(PositiveSchema, v.maxValue(60)),
});

/** A request as a line, without its newline. */
export function encodeWatchRequest(request: Omit<WatchRequest, 'type'>): string {
  return JSON.stringify({ type: 'watch', ...request } satisfies WatchRequest);
}

/** Reads one line; null when it is no such request. Any text is answered, none throws; unknown keys are dropped. */
export function parseWatchRequest(line: string): WatchRequest | null {
  const checked = v.safeParse(WatchRequestSchema, parseJson(line));
  return checked.success ? checked.output : null;
}
