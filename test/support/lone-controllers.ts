import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { runNetwatch } from './netwatch-process.ts';
import type { ScrapeTarget } from './prometheus-server.ts';
import { startSkewedSinger } from './skewed-singer.ts';

/** More than two clocks ever differ, and less than what is taken for a network's doing. */
const SKEW_PPM = 500;

/**
 * Starts controllers that no lab has, and gives what Prometheus is to scrape: a datacenter that no rack reports to; rack
 * 0, which hears nobody; rack 1 with one server whose clock runs off, and rack 2 with two of them, as if it were its own.
 * The reports of the racks go nowhere.
 */
export async function startLoneControllers(context: TestContext): Promise<readonly ScrapeTarget[]> {
  const ports = ['--metrics-port', 0, '--tcp-listen-port', 0, '--api-port', 0];
  const datacenter = runNetwatch(context, 'datacenter', ...ports, '--dc-id', 'lab');
  const racks = [0, 1, 2].map((rackId) => startRack(context, rackId));
  const { metricsPort } = await datacenter.logged('listening');
  return [
    { job: 'netwatch-datacenter', address: address(metricsPort), labels: { dc_id: 'lab', instance: 'datacenter' } },
    ...(await Promise.all(racks)),
  ];
}

/** A rack with as many skewed servers as its id says. */
async function startRack(context: TestContext, rackId: number): Promise<ScrapeTarget> {
  // Nobody listens on port 1.
  const nowhere = ['--dc-controller-port', 1, '--report-queue', 1];
  const ports = ['--metrics-port', 0, '--udp-listen-port', 0];
  const rack = runNetwatch(context, 'rack', '--rack-id', rackId, ...ports, ...nowhere);
  const { metricsPort, udpPort } = await rack.logged('listening');
  assert.ok(typeof udpPort === 'number');
  for (let serverId = 0; serverId < rackId; serverId++) {
    startSkewedSinger(context, { rackId, serverId, port: udpPort, skewPpm: SKEW_PPM });
  }
  const labels = { dc_id: 'lab', instance: `rack-${rackId}`, rack_id: `${rackId}` };
  return { job: 'netwatch-rack', address: address(metricsPort), labels };
}

function address(port: unknown): string {
  assert.ok(typeof port === 'number');
  return `127.0.0.1:${port}`;
}
