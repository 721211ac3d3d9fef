import type { RackHealth, Verdict } from '../../core/verdict.ts';
import { shownStatus } from '../status/shown-status.ts';
import { wordsOf } from '../words/trouble.ts';

/**
 * The racks with those of their servers that a filter's words all match, without racks that have none. A word matches a
 * part of name, status or trouble, `rack 2`, `server 5` or `2/5`. A filter without words matches all: the same array.
 */
export function filterRacks(racks: readonly RackHealth[], filter: string): readonly RackHealth[] {
  const words = wordsIn(filter);
  if (words.length === 0) return racks;
  return racks.flatMap((rack) => {
    const servers = rack.servers.filter((verdict) => words.every((word) => matches(rack, verdict, word)));
    // A rack that is shown whole is the same object, so that nothing of it is drawn anew.
    if (servers.length === rack.servers.length && servers.length > 0) return [rack];
    return servers.length === 0 ? [] : [{ ...rack, servers }];
  });
}

/** `rack 2` and `server 5` are one word each. */
function wordsIn(filter: string): readonly string[] {
  return filter.toLowerCase().match(/(?:rack|server)\s+\d+|\S+/g) ?? [];
}

function matches(rack: RackHealth, verdict: Verdict, word: string): boolean {
  const [, kind, id] = /^(rack|server)\s+(\d+)$/.exec(word) ?? [];
  if (kind !== undefined) return Number(id) === (kind === 'rack' ? rack.rack_id : verdict.server_id);
  const [, rackId, serverId] = /^(\d+)\/(\d*)$/.exec(word) ?? [];
  if (rackId !== undefined && serverId !== undefined) {
    return Number(rackId) === rack.rack_id && (serverId === '' || Number(serverId) === verdict.server_id);
  }
  const texts = [verdict.name ?? '', shownStatus(rack, verdict), ...wordsOf(verdict, rack.faults)];
  return texts.some((text) => text.toLowerCase().includes(word));
}
