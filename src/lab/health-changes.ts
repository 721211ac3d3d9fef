import { serverError } from '../core/health.ts';
import type { DatacenterHealth, RackHealth, Verdict } from '../core/verdict.ts';
import { countText, errorText, scoreText } from '../terminal/number-text.ts';
import { serverText } from '../terminal/server-label.ts';
import { SHOWN_STATUSES } from '../terminal/status-mark.ts';

/** Lines of one comparison; a lab of thousands of servers must not fill a log at once. */
const MAX_LINES = 64;

/**
 * One line for each status that differs between two trees of one datacenter: `rack 2 server 5 (r2-s5): healthy → silent`,
 * or one for all servers of a rack that changed alike: `rack 2, all 8 servers: healthy → silent`. Servers first, then
 * racks, then the datacenter. A server or rack that is new is no change.
 */
export function statusChanges(before: DatacenterHealth, after: DatacenterHealth): readonly string[] {
  const racksBefore = new Map(before.racks.map((rack) => [rack.rack_id, rack]));
  const serverLines: string[] = [];
  const groupLines: string[] = [];
  for (const rack of after.racks) {
    const rackBefore = racksBefore.get(rack.rack_id);
    if (rackBefore === undefined) continue;
    serverLines.push(...serverChanges(rackBefore, rack));
    if (rackBefore.status !== rack.status) {
      groupLines.push(`rack ${rack.rack_id}: ${rackBefore.status} → ${rack.status}`);
    }
  }
  if (before.status !== after.status) groupLines.push(`datacenter: ${before.status} → ${after.status}`);
  return [...limit(serverLines), ...groupLines];
}

function serverChanges(before: RackHealth, after: RackHealth): readonly string[] {
  const statusBefore = new Map(before.servers.map(({ server_id: id, status }) => [id, status]));
  const changes = after.servers.flatMap((verdict) => {
    const was = statusBefore.get(verdict.server_id);
    return was === undefined || was === verdict.status ? [] : [{ verdict, change: `${was} → ${verdict.status}` }];
  });
  const kinds = new Set(changes.map(({ change }) => change));
  const [first] = kinds;
  if (first !== undefined && kinds.size === 1 && changes.length > 1 && changes.length === after.servers.length) {
    return [`rack ${after.rack_id}, all ${changes.length} servers: ${first}`];
  }
  return changes.map(({ verdict, change }) => `${serverText(verdict)}: ${change}`);
}

/** `score 0.998 healthy, 32 servers: 31 healthy, 1 silent; largest error 1.00, rack 2 server 5 (r2-s5)`. */
export function summaryLine(tree: DatacenterHealth): string {
  const servers = tree.racks.flatMap((rack) => rack.servers);
  const counts = SHOWN_STATUSES.flatMap((status) => {
    const count = servers.filter((verdict) => verdict.status === status).length;
    return count === 0 ? [] : `${count} ${status}`;
  });
  const head = `score ${scoreText(tree.health_score)} ${tree.status}, ${countText(servers.length, 'server')}`;
  const worst = worstServer(servers);
  return [
    counts.length === 0 ? head : `${head}: ${counts.join(', ')}`,
    ...(worst === null ? [] : [`largest error ${errorText(serverError(worst))}, ${serverText(worst)}`]),
  ].join('; ');
}

function worstServer(servers: readonly Verdict[]): Verdict | null {
  let worst: Verdict | null = null;
  let worstError = -1;
  for (const verdict of servers) {
    const error = serverError(verdict);
    if (error === null || error <= worstError) continue;
    worst = verdict;
    worstError = error;
  }
  return worst;
}

function limit(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  const left = lines.length - (MAX_LINES - 1);
  return [...lines.slice(0, MAX_LINES - 1), `… and ${left} more servers changed their status`];
}
