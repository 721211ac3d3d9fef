import type { RackHealth, Verdict } from '../core/verdict.ts';
import { RANK, type RankedFinding } from './finding.ts';
import { durationText, timeText } from './number-text.ts';
import { STATUS_MARKS } from './status-mark.ts';

/** A rack whose reports stopped. `now` in Unix seconds. */
export function silentRack(rack: RackHealth, now: number): RankedFinding {
  const last = rack.last_report;
  const since = last === null ? 'none came yet' : `the last one ${durationText(now - last)} ago, at ${timeText(last)}`;
  return {
    ...STATUS_MARKS.silent,
    rank: RANK.silentRack,
    weight: 1,
    details: [],
    text: `rack ${rack.rack_id}: its reports stopped, ${since}`,
  };
}

/** Several servers of a rack that are silent, in one sentence. `now` in Unix seconds. */
export function silentServers(rack: RackHealth, members: readonly Verdict[], now: number): RankedFinding {
  const heard = Math.max(...members.map(({ last_heard: last }) => last ?? -Infinity));
  const ids = members.length > 8 ? '' : ` (${members.map(({ server_id: id }) => id).join(', ')})`;
  const who =
    members.length === rack.servers.length
      ? `all ${members.length} servers silent`
      : `${members.length} of ${rack.servers.length} servers silent${ids}`;
  const since = heard === -Infinity ? 'never heard' : `last heard ${durationText(now - heard)} ago`;
  return {
    ...STATUS_MARKS.silent,
    rank: RANK.rackIll,
    weight: members.length,
    details: [],
    text: `rack ${rack.rack_id}: ${who}, ${since}`,
  };
}
