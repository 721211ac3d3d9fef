import type { BrowserContext } from 'playwright-core';
import type { Fault, RackFault, RackHealth, Verdict } from '../../src/core/verdict.ts';
import type { ServerMessage } from '../../src/wire/api/socket.ts';

/** As long as an agent may announce one, and without a place where it could be broken. */
const LONG_NAME = 'database-replica-in-the-cellar-'.repeat(2).slice(0, 60);
const SINCE = 1_700_000_000;

const FAULT = { since: SINCE, severity: 'warning', confidence: 0.999 } as const;
const STALLS = { period_seconds: 12.5, delay_seconds: 0.1234, pulse_seconds: 0.3456, p_value: 1e-12 };

/** More than any server has at once. */
const FAULTS: readonly Fault[] = [
  { ...FAULT, kind: 'periodic-delay', severity: 'critical', parameters: STALLS },
  { ...FAULT, kind: 'burst-loss', parameters: { loss_ratio: 0.123, mean_run: 8 } },
  { ...FAULT, kind: 'jitter', parameters: { jitter_seconds: 0.0345 } },
  { ...FAULT, kind: 'congestion', parameters: { queue_seconds: 0.0123, growth_ratio: 0.1 } },
  { ...FAULT, kind: 'clock-drift', severity: 'info', parameters: { skew_ppm: 23, change_ppm: 21 } },
  { ...FAULT, kind: 'rack-wide', parameters: { servers: 3 } },
];

const RACK_FAULTS: readonly RackFault[] = [
  { ...FAULT, kind: 'delay-shift', parameters: { servers: 3, shift_seconds: 0.05 }, server_ids: [0, 1, 2] },
  {
    ...FAULT,
    kind: 'reorder',
    severity: 'info',
    parameters: { servers: 3, reorder_ratio: 0.04 },
    server_ids: [0, 1, 2],
  },
];

/** In the pages of a window every server has a long name and many faults, and every rack has faults, too. */
export async function crowdPages(window: BrowserContext): Promise<void> {
  await window.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The page and the controller know the same messages.
      socket.send(JSON.stringify(crowded(JSON.parse(String(text)) as ServerMessage)));
    });
  });
}

function crowded(message: ServerMessage): ServerMessage {
  if (message.type !== 'snapshot' && message.type !== 'change') return message;
  if (message.topic === 'events') return message;
  if (message.topic === 'health') {
    return message.type === 'snapshot'
      ? { ...message, data: { ...message.data, racks: message.data.racks.map(crowdedRack) } }
      : { ...message, data: { ...message.data, racks: message.data.racks.map(crowdedRack) } };
  }
  if (message.type === 'snapshot') {
    const { verdict } = message.data;
    return { ...message, data: { ...message.data, verdict: verdict === null ? null : crowdedServer(verdict) } };
  }
  const { verdict, ...rest } = message.data;
  return { ...message, data: verdict === undefined ? rest : { ...rest, verdict: crowdedServer(verdict) } };
}

function crowdedRack(rack: RackHealth): RackHealth {
  return { ...rack, faults: RACK_FAULTS, servers: rack.servers.map(crowdedServer) };
}

function crowdedServer(verdict: Verdict): Verdict {
  return { ...verdict, name: LONG_NAME, status: 'critical', faults: FAULTS };
}
