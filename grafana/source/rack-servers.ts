import { graph } from './graph.ts';
import { LINE_TO_SERVER, ROW_TO_SERVER } from './links.ts';
import type { PlacedPanel } from './panel.ts';
import { BY_SERVER, eachServer, SERVERS, serverStatus, SKEW, SNR } from './scope.ts';
import { ERROR_STEPS, SERVER_STATUS_TEXT } from './status.ts';
import { tableOf, type ValueColumn } from './table.ts';

const SERVER_LINE = 'server {{server_id}}';

/** Every server of a rack with all that is measured of it. */
export function serversTable(): PlacedPanel {
  const column = (title: string, metric: string, style: Partial<ValueColumn>): ValueColumn => ({
    title,
    expr: eachServer(metric, SERVERS),
    ...style,
  });
  const seconds = { unit: 's', decimals: 1 };
  return tableOf({
    title: 'Servers',
    description:
      'Every chosen server with all that is measured of it, the worst first. Delay is the change against what the rack learned, skew the rate of its clock against that of the rack. A click on a server opens it.',
    width: 24,
    height: 10,
    labels: { rack_id: 'Rack', server_id: 'Server', name: 'Name' },
    values: [
      { title: 'Status', expr: serverStatus(SERVERS), mappings: SERVER_STATUS_TEXT, painted: true },
      column('Error', 'netwatch_server_spectral_error', { decimals: 3, min: 0, max: 1, steps: ERROR_STEPS }),
      {
        title: 'SNR',
        expr: SNR,
        unit: 'dB',
        decimals: 1,
      },
      column('Loss', 'netwatch_server_loss_ratio', { unit: 'percentunit', decimals: 1, min: 0, max: 1 }),
      column('Delay', 'netwatch_server_delay_seconds', seconds),
      column('Jitter', 'netwatch_server_jitter_seconds', { ...seconds, min: 0 }),
      column('PDV', 'netwatch_server_pdv_seconds', { ...seconds, min: 0 }),
      {
        title: 'Skew',
        expr: SKEW,
        unit: 'ppm',
        decimals: 1,
      },
      { title: 'Named', expr: `max by (${BY_SERVER}, name) (netwatch_server_info{${SERVERS}})`, decimals: 0 },
    ],
    hidden: ['Named'],
    sortedBy: 'Error',
    descending: true,
    links: { Server: ROW_TO_SERVER, Name: ROW_TO_SERVER },
  });
}

/** What is measured of the servers of a rack, side by side over time. */
export function gauges(): readonly PlacedPanel[] {
  const line = (title: string, description: string, metric: string, style: { unit: string; min?: number }) =>
    graph({
      title,
      description,
      width: 12,
      height: 8,
      queries: [{ expr: eachServer(metric, SERVERS), legend: SERVER_LINE, link: LINE_TO_SERVER }],
      ...style,
    });
  return [
    graph({
      title: 'Error',
      description:
        'Share of the power of a server’s signal that the network destroyed. Above the lower line a warning, above the upper one critical; 1 is a silent server.',
      width: 12,
      height: 8,
      unit: 'none',
      decimals: 3,
      min: 0,
      max: 1,
      steps: ERROR_STEPS,
      queries: [
        { expr: eachServer('netwatch_server_spectral_error', SERVERS), legend: SERVER_LINE, link: LINE_TO_SERVER },
      ],
    }),
    line(
      'Loss',
      'Share of the samples of the latest window that never came or came too late. 0 in a healthy lab; a line ends when its server fell silent long ago.',
      'netwatch_server_loss_ratio',
      { unit: 'percentunit', min: 0 },
    ),
    line(
      'Delay',
      'Change of the one-way delay against what the rack learned of this server; negative when the way became shorter. A step that all servers make is a new route of the rack.',
      'netwatch_server_delay_seconds',
      { unit: 's' },
    ),
    line(
      'Jitter',
      'How much the time between two samples varies on the way (RFC 3550, section 6.4.1).',
      'netwatch_server_jitter_seconds',
      { unit: 's', min: 0 },
    ),
  ];
}
