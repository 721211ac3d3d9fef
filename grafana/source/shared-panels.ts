import { graph } from './graph.ts';
import { LINE_TO_RACK } from './links.ts';
import type { PlacedPanel } from './panel.ts';
import { BY_RACK, DATACENTER, RACK_JOB, serverStatus, serversWith } from './scope.ts';
import { stats, timeline } from './stat.ts';
import { COLOURS, SERVER_STATUS_TEXT, type STATUS, steps, whileThere } from './status.ts';
import { tableOf } from './table.ts';

// Panels of several dashboards; the selector says of which servers.

/** How many servers have each status. */
export function serversByStatus(selector: string, { width }: { width: number }): PlacedPanel {
  // 0 while servers are known, and no number while none is.
  const count = (status: keyof typeof STATUS) =>
    `count(${serversWith(status, selector)}) or 0 * count(netwatch_server_status{${selector}})`;
  const some = (colour: string) => steps(COLOURS.unknown, [1, colour]);
  return stats({
    title: 'Servers by status',
    description:
      'How many servers are in each status. A status is the worse of the error (warning from 0.2, critical from 0.5) and of the worst fault; silent servers were expected and are not heard; warming ones were not heard long enough to be judged. Of the servers of a rack that cannot be scraped nothing is known, and no other number counts them: that of such racks is the last. In a healthy lab all are healthy and the others 0.',
    width,
    height: 5,
    unit: 'none',
    decimals: 0,
    min: 0,
    queries: [
      { expr: count('healthy'), legend: 'healthy', steps: some(COLOURS.good) },
      { expr: count('warning'), legend: 'warning', steps: some(COLOURS.warning) },
      { expr: count('critical'), legend: 'critical', steps: some(COLOURS.bad) },
      { expr: count('silent'), legend: 'silent', steps: some(COLOURS.silent) },
      { expr: count('warming'), legend: 'warming', steps: some(COLOURS.unknown) },
      { expr: `sum(up{${selector}, ${RACK_JOB}} == bool 0)`, legend: 'racks unknown', steps: some(COLOURS.bad) },
    ],
  });
}

/** The status of each server as a bar over time. */
export function statusTimeline(selector: string, height = 16): PlacedPanel {
  return timeline({
    title: 'Status of each server',
    description:
      'What each server was, and since when. Several that change at the same moment have a cause in common: their rack, its network, or the rack controller.',
    width: 24,
    height,
    mappings: SERVER_STATUS_TEXT,
    queries: [{ expr: serverStatus(selector), legend: 'rack {{rack_id}} server {{server_id}}' }],
  });
}

/** What is broken on purpose now. */
export function chaosTable(width: number): PlacedPanel {
  return tableOf({
    title: 'Injected now',
    description:
      'What netwatch chaos breaks on purpose now, so that nobody mistakes an exercise for an outage. Empty in a healthy lab: only while something is injected there are rows.',
    width,
    height: 8,
    labels: { target: 'On', kind: 'What' },
    values: [
      {
        title: 'State',
        expr: `max by (target, kind) (netwatch_chaos_active{${DATACENTER}})`,
        mappings: whileThere('on purpose', COLOURS.chaos),
        painted: true,
      },
    ],
    sortedBy: 'On',
  });
}

/** Loss of each rack, all its samples together. */
export function packetLoss(selector: string): PlacedPanel {
  const rate = (counter: string) => `sum by (${BY_RACK}) (rate(${counter}{${selector}}[$__rate_interval]))`;
  const lost = rate('netwatch_packets_lost_total');
  return graph({
    title: 'Packet loss of each rack',
    description: 'Share of the samples of a rack that did not come by the deadline. 0 in a healthy lab.',
    width: 12,
    height: 8,
    unit: 'percentunit',
    decimals: 2,
    min: 0,
    queries: [
      {
        expr: `${lost} / (${lost} + ${rate('netwatch_packets_received_total')})`,
        legend: 'rack {{rack_id}}',
        link: LINE_TO_RACK,
      },
    ],
  });
}
