import type { GroupStatus, RackHealth, ServerStatus, Verdict } from '../../core/verdict.ts';

/** A server's status as it is shown: what a rack last said before its reports stopped is not what is. */
export type ShownStatus = ServerStatus | 'unknown';

/** In the order in which they are counted and shown. */
export const SHOWN_STATUSES: readonly ShownStatus[] = [
  'healthy',
  'warning',
  'critical',
  'silent',
  'warming',
  'unknown',
];

/** The mark of a rack or datacenter is that of a server as ill. */
export function markOfGroup(status: GroupStatus): ShownStatus {
  return status === 'degraded' ? 'warning' : status;
}

/** Unknown for all servers of a rack whose reports stopped. */
export function shownStatus(rack: Pick<RackHealth, 'status'>, verdict: Pick<Verdict, 'status'>): ShownStatus {
  return rack.status === 'silent' ? 'unknown' : verdict.status;
}

/** Whether somebody should look. */
export function isIll(status: ShownStatus): boolean {
  return status === 'warning' || status === 'critical' || status === 'silent';
}

/** How many servers of these racks are shown with each status. */
export function countStatuses(racks: readonly RackHealth[]): Readonly<Record<ShownStatus, number>> {
  const counts = { healthy: 0, warning: 0, critical: 0, silent: 0, warming: 0, unknown: 0 };
  for (const rack of racks) for (const verdict of rack.servers) counts[shownStatus(rack, verdict)]++;
  return counts;
}
