import type { DatacenterHealth } from '../../core/verdict.ts';
import { serverWords } from './server-words.ts';
import { errorWords } from './trouble.ts';

/** What to say when nothing is wrong. */
export function allWellWords(tree: DatacenterHealth): string {
  const servers = tree.racks.flatMap((rack) => rack.servers);
  const awaited = tree.racks.filter(({ status, last_report: last }) => status === 'warming' && last === null).length;
  if (awaited > 0) return `${awaited} of ${tree.racks.length} racks did not report yet.`;
  if (servers.length === 0) return 'No server has been heard yet.';
  const warming = servers.filter(({ status }) => status === 'warming').length;
  if (warming === 1) return `1 of ${servers.length} servers was not heard long enough to judge it yet.`;
  if (warming > 0) return `${warming} of ${servers.length} servers were not heard long enough to judge them yet.`;
  return servers.length === 1 ? 'The one server is healthy.' : `All ${servers.length} servers are healthy.`;
}

/** Of healthy servers the one that is least so: `The largest error is 0.003: Rack 2, server 5 (db-17).` */
export function largestErrorWords(tree: DatacenterHealth): string {
  const servers = tree.racks.flatMap((rack) => rack.servers).filter(({ spectral_error: error }) => error !== null);
  const [first] = servers;
  if (first === undefined) return '';
  const worst = servers.reduce((a, b) => ((b.spectral_error ?? 0) > (a.spectral_error ?? 0) ? b : a), first);
  const who = serverWords(worst.rack_id, worst.server_id, worst.name);
  return `The largest error is ${errorWords(worst.spectral_error ?? 0)}: ${who}.`;
}
