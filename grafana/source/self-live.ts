import { half } from './half.ts';
import type { PlacedPanel } from './panel.ts';
import { BY_RACK, DATACENTER, RACKS } from './scope.ts';

// What is shown live: racks send frames of the servers that somebody watches, the datacenter passes them on to its pages.

const RACK_LINE = 'rack {{rack_id}}';
const PER_SECOND = { unit: 'cps', min: 0 };
const COUNT = { unit: 'none', decimals: 0, min: 0 };

const rackRate = (counter: string): string => `sum by (${BY_RACK}) (rate(${counter}{${RACKS}}[$__rate_interval]))`;
const rate = (counter: string): string => `sum(rate(${counter}{${DATACENTER}}[$__rate_interval]))`;

/** Do those who watch get what they watch? */
export function livePanels(): readonly PlacedPanel[] {
  return [
    half(
      'Servers watched live',
      'Of how many servers each rack sends frames, with spectrum and slots, because somebody has opened their page. 0 while nobody has.',
      COUNT,
      [{ expr: `max by (${BY_RACK}) (netwatch_watched_servers{${RACKS}})`, legend: RACK_LINE }],
    ),
    half(
      'Frames sent and dropped',
      'Frames of watched servers that each rack sent each second, and those it dropped because its connection did not take them at once. Both 0 while nobody watches; some dropped ones are no harm, a newer one follows.',
      PER_SECOND,
      [
        { expr: rackRate('netwatch_frames_sent_total'), legend: `${RACK_LINE}: sent` },
        { expr: rackRate('netwatch_frames_dropped_total'), legend: `${RACK_LINE}: dropped` },
      ],
    ),
    half(
      'Clients of the live socket',
      'Pages and others that are connected to the datacenter to be told of changes at once. 0 while no page is open.',
      COUNT,
      [{ expr: `sum(netwatch_socket_clients{${DATACENTER}})`, legend: 'clients' }],
    ),
    half(
      'Messages to clients',
      'Messages that the datacenter sent to its clients each second, and those it left out because a client reads too slowly; such a client gets a fresh snapshot afterwards. Both 0 while no page is open.',
      PER_SECOND,
      [
        { expr: rate('netwatch_socket_messages_sent_total'), legend: 'sent' },
        { expr: rate('netwatch_socket_messages_dropped_total'), legend: 'left out' },
      ],
    ),
    half(
      'Clients turned away',
      'Clients of the live socket that were turned away or cut each second, by reason: a page of another site, a wrong token, one that answers no ping. Empty in a healthy lab: a reason has a line only while it is met.',
      PER_SECOND,
      [
        {
          expr: `sum by (reason) (rate(netwatch_socket_clients_rejected_total{${DATACENTER}}[$__rate_interval])) > 0`,
          legend: '{{reason}}',
        },
      ],
    ),
    half(
      'Without a past',
      'Racks and servers whose recent past the datacenter does not keep, because that of all others takes all the memory there may be. 0 in a healthy lab; their pages show no history.',
      COUNT,
      [{ expr: `max(netwatch_history_without_room{${DATACENTER}})`, legend: 'racks and servers' }],
    ),
  ];
}
