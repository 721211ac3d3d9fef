import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RackSummary } from '../../src/wire/api/history.ts';
import { connectClient, runDatacenter } from '../support/datacenter-client.ts';
import { minimalReport, rackFaultOf, reportOf, serversOf } from '../support/datacenter-reports.ts';
import { waitUntil } from '../support/wait-until.ts';

const rejected = (reason: string) => `netwatch_reports_rejected_total{reason="${reason}"}`;
const cut = (reason: string) => `netwatch_report_connections_rejected_total{reason="${reason}"}`;
const received = (rackId: number) => `netwatch_reports_received_total{rack_id="${rackId}"}`;
const ack = (sequence: number) => ({ type: 'ack', boot_id: 100, sequence });

/** What is really in use: garbage is collected first. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

describe('reports over TCP', () => {
  test('four fields are enough', async (context) => {
    const { datacenter, health, metricIs } = await runDatacenter(context);
    const { socket } = await connectClient(context, datacenter.reportPort);
    socket.write('{"rack_id":3,"health_score":0.75,"server_count":8,"timestamp":1700000000.5}\n');
    await metricIs(received(3), 1);
    const { dc_id: id, health_score: score, status, racks } = await health();
    assert.deepEqual({ id, score, status }, { id: 'dc-1', score: 0.75, status: 'degraded' });
    assert.deepEqual(racks, [
      { rack_id: 3, health_score: 0.75, status: 'degraded', last_report: 1_700_000_000.5, faults: [], servers: [] },
    ]);
  });

  test('an acknowledged report is in the tree', async (context) => {
    const { datacenter, health, get } = await runDatacenter(context, { numRacks: 1 });
    const client = await connectClient(context, datacenter.reportPort);
    const faults = [rackFaultOf('loss', [0, 1])];
    client.send(reportOf(0, { faults }));
    assert.deepEqual(await client.answer(), ack(1));
    const [rack] = (await health()).racks;
    assert.deepEqual([rack?.faults, rack?.servers], [faults, serversOf(0, 2)]);
    const [summary] = (await (await get('/api/v1/racks')).json()) as RackSummary[];
    assert.deepEqual(summary?.faults, faults);
  });

  test('what was sent before a break is sent again without counting twice', async (context) => {
    const { datacenter, metric } = await runDatacenter(context, { numRacks: 1 });
    const first = await connectClient(context, datacenter.reportPort);
    for (const sequence of [1, 2, 3]) first.send(reportOf(0, { sequence }));
    assert.deepEqual(await first.answer(), ack(1));
    assert.deepEqual([await first.answer(), await first.answer()], [ack(2), ack(3)]);
    first.socket.destroy();
    const second = await connectClient(context, datacenter.reportPort);
    for (const sequence of [2, 3, 4]) second.send(reportOf(0, { sequence }));
    assert.deepEqual([await second.answer(), await second.answer(), await second.answer()], [ack(2), ack(3), ack(4)]);
    assert.equal(await metric(received(0)), 4);
    assert.equal(await metric(rejected('duplicate')), 2);
    assert.equal(await metric('netwatch_reports_missed_total{rack_id="0"}'), 0);
  });

  test('a rack whose reports stop falls silent by itself, and the events say so', async (context) => {
    const { datacenter, get, metricIs } = await runDatacenter(context, { numRacks: 1, rackTimeoutSeconds: 0.5 });
    const client = await connectClient(context, datacenter.reportPort);
    client.send(reportOf(0, { interval_seconds: 0.1 }));
    await client.answer();
    await metricIs('netwatch_dc_health_score{dc_id="dc-1"}', 0);
    const { events } = (await (await get('/api/v1/events')).json()) as { events: Record<string, unknown>[] };
    assert.deepEqual(
      events.map(({ scope, from, to }) => [scope, from, to]),
      [
        ['datacenter', 'healthy', 'critical'],
        ['rack', 'healthy', 'silent'],
      ],
    );
  });
});

describe('hostile clients', () => {
  test('garbage is counted by reason and the connection lives on', async (context) => {
    const { datacenter, metric } = await runDatacenter(context, { numRacks: 1 });
    const client = await connectClient(context, datacenter.reportPort);
    client.socket.write(Buffer.from([0x80, 0xff, 0x00, 0x0a, 0x7b, 0x0a, 0x5b, 0x5d, 0x0a]));
    client.socket.write('GET / HTTP/1.1\r\n\r\n');
    client.send(minimalReport(0, { health_score: 7 }));
    client.send(minimalReport(1));
    client.send(reportOf(0));
    assert.deepEqual(await client.answer(), ack(1));
    assert.equal(await metric(rejected('bad-json')), 4);
    assert.equal(await metric(rejected('bad-report')), 2);
    assert.equal(await metric(rejected('unexpected-rack')), 1);
    assert.equal(await metric('netwatch_report_connections'), 1);
  });

  test('a line of 10 MiB is counted once, in bounded memory, and the connection lives on', async (context) => {
    const { datacenter, metric, metricIs } = await runDatacenter(context, { numRacks: 1 });
    const client = await connectClient(context, datacenter.reportPort);
    const piece = Buffer.alloc(256 * 1024, '[');
    const before = heldBytes();
    for (let index = 0; index < 40; index++) {
      // oxlint-disable-next-line no-await-in-loop -- so that the client holds one piece at a time
      if (!client.socket.write(piece)) await once(client.socket, 'drain');
    }
    await metricIs(rejected('too-long'), 1);
    // The collector frees buffers on its own thread.
    await waitUntil('no more than 2 MiB are held', () => heldBytes() - before <= 2 * 2 ** 20);
    client.socket.write('\n');
    client.send(reportOf(0));
    assert.deepEqual(await client.answer(), ack(1));
    assert.equal(await metric(rejected('too-long')), 1);
    assert.equal(await metric(rejected('bad-json')), 0);
  });

  test('a client that says nothing is cut', async (context) => {
    const { datacenter, metricIs } = await runDatacenter(context, { idleTimeoutSeconds: 0.05 });
    const client = await connectClient(context, datacenter.reportPort);
    await client.closed;
    await metricIs(cut('idle'), 1);
    await metricIs('netwatch_report_connections', 0);
  });

  test('a client above the limit is turned away, and those inside are served on', async (context) => {
    const { datacenter, metricIs } = await runDatacenter(context, { maxConnections: 1, numRacks: 1 });
    const inside = await connectClient(context, datacenter.reportPort);
    await metricIs('netwatch_report_connections', 1);
    const outside = await connectClient(context, datacenter.reportPort);
    await outside.closed;
    await metricIs(cut('too-many-connections'), 1);
    inside.send(reportOf(0));
    assert.deepEqual(await inside.answer(), ack(1));
  });

  test('half a report from a client that leaves is nothing', async (context) => {
    const { datacenter, health, metricIs } = await runDatacenter(context, { numRacks: 1 });
    const client = await connectClient(context, datacenter.reportPort);
    await metricIs('netwatch_report_connections', 1);
    client.socket.end('{"rack_id":0,"health_score":0.5,"server_count":1,"timestamp":1}');
    await metricIs('netwatch_report_connections', 0);
    assert.equal((await health()).racks[0]?.status, 'warming');
  });
});
