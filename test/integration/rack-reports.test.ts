import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/wire/report-lines.ts';
import { startDatacenterDouble, type DatacenterDouble } from '../support/datacenter-double.ts';
import { parseExposition } from '../support/exposition.ts';
import { type NetwatchProcess, runNetwatch } from '../support/netwatch-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const sequences = (reports: readonly Report[]) => reports.map(({ sequence = 0 }) => sequence);
const FREE_PORTS = ['--udp-listen-port', '0', '--metrics-port', '0'];

async function hears(datacenter: DatacenterDouble, count: number): Promise<void> {
  await waitUntil(`${count} reports are there`, () => datacenter.reports.length >= count);
}

/** Each report once, as it first came, and no two of one number that say different things. */
function once(reports: readonly Report[]): Report[] {
  const first = new Map<number, Report>();
  for (const report of reports) {
    const known = first.get(report.sequence ?? 0);
    if (known) assert.deepEqual(report, known, 'a report sent again says the same');
    else first.set(report.sequence ?? 0, report);
  }
  return [...first.values()];
}

/** Every number from the first one on, in order, at the times at which the verdicts held: about a second apart. */
function assertComplete(reports: readonly Report[]): void {
  const first = reports[0]?.sequence ?? 0;
  assert.deepEqual(
    sequences(reports),
    reports.map((_, i) => first + i),
  );
  for (const [i, { timestamp }] of reports.entries()) {
    const previous = reports[i - 1]?.timestamp ?? timestamp - 1;
    assert.ok(timestamp > previous, `report ${first + i} is not older than the one before it`);
  }
  const [start, end] = [reports[0]?.timestamp ?? 0, reports.at(-1)?.timestamp ?? 0];
  // At most one within each second of the rack's time, the first late within its own and the last in time at worst.
  assert.ok(end - start > reports.length - 2, `${reports.length} reports within ${end - start} s`);
}

async function metricOf(rack: NetwatchProcess, name: string): Promise<number | null> {
  const { metricsPort } = await rack.logged('listening');
  const response = await fetch(`http://127.0.0.1:${String(metricsPort)}/metrics`);
  return parseExposition(await response.text()).value(name);
}

test('a report comes each second, whole and in order', async (context) => {
  const datacenter = await startDatacenterDouble(context, { acknowledges: true });
  const flags = ['--rack-id', 3, '--expect', '0-1', '--dc-controller-port', datacenter.port];
  const rack = runNetwatch(context, 'rack', ...FREE_PORTS, ...flags);
  await hears(datacenter, 4);
  assertComplete(datacenter.reports);
  const [report] = datacenter.reports;
  assert.equal(report?.sequence, 1);
  assert.deepEqual(
    [report?.rack_id, report?.type, report?.server_count, report?.interval_seconds],
    [3, 'report', 2, 1],
  );
  assert.ok(Math.abs((report?.timestamp ?? 0) - Date.now() / 1000) < 60);
  assert.equal(new Set(datacenter.reports.map(({ boot_id: bootId }) => bootId)).size, 1);
  assert.deepEqual(datacenter.broken, []);
  assert.equal(await metricOf(rack, 'netwatch_datacenter_connected'), 1);
  assert.equal(await rack.close(), 0);
});

for (const acknowledges of [true, false]) {
  const kind = acknowledges ? 'acknowledges' : 'does not acknowledge';
  test(`a datacenter that ${kind} is away for some seconds: no report is lost, times and order stay`, async (context) => {
    const datacenter = await startDatacenterDouble(context, { acknowledges });
    const rack = runNetwatch(context, 'rack', ...FREE_PORTS, '--dc-controller-port', datacenter.port);
    await hears(datacenter, 3);
    const settled = await waitUntil('the rack knows some reports to be there', async () => {
      // Of those heard until now, all but the newest that wait or are in doubt.
      const count = datacenter.reports.length;
      return Math.max(count - ((await metricOf(rack, 'netwatch_report_queue_length')) ?? count), 0) || null;
    });
    await datacenter.close();
    const heard = datacenter.reports.length;
    await waitUntil(
      'four reports wait',
      async () => ((await metricOf(rack, 'netwatch_report_queue_length')) ?? 0) >= 4,
    );
    assert.equal(await metricOf(rack, 'netwatch_datacenter_connected'), 0);
    assert.equal(datacenter.reports.length, heard);
    await datacenter.open();
    await hears(datacenter, heard + 7);
    assertComplete(once(datacenter.reports));
    const again = sequences(datacenter.reports.slice(heard));
    assert.ok(
      sequences(datacenter.reports.slice(0, settled)).every((sequence) => !again.includes(sequence)),
      'what the rack knew to be there was sent again',
    );
    await waitUntil('nothing waits', async () => ((await metricOf(rack, 'netwatch_report_queue_length')) ?? 9) <= 1);
    assert.equal(await metricOf(rack, 'netwatch_reports_dropped_total'), 0);
  });
}

test('what a datacenter took and never read is not lost: it did not acknowledge', async (context) => {
  const datacenter = await startDatacenterDouble(context, { acknowledges: true });
  const rack = runNetwatch(context, 'rack', ...FREE_PORTS, '--dc-controller-port', datacenter.port);
  await hears(datacenter, 2);
  datacenter.isDeaf = true;
  const before = datacenter.connections;
  datacenter.cut();
  await waitUntil('the rack is there again', () => datacenter.connections > before);
  const sent = (await metricOf(rack, 'netwatch_reports_sent_total')) ?? 0;
  await waitUntil(
    'the kernel took three reports that nobody reads',
    async () => ((await metricOf(rack, 'netwatch_reports_sent_total')) ?? 0) >= sent + 3,
  );
  datacenter.isDeaf = false;
  datacenter.cut();
  await hears(datacenter, 8);
  assertComplete(once(datacenter.reports));
  assert.equal(sequences(datacenter.reports)[0], 1);
});

test('a queue that is full drops the oldest, and counts them', async (context) => {
  const datacenter = await startDatacenterDouble(context, { acknowledges: true });
  await datacenter.close();
  const flags = ['--report-queue', 2, '--dc-controller-port', datacenter.port];
  const rack = runNetwatch(context, 'rack', ...FREE_PORTS, ...flags);
  await waitUntil(
    'two reports were dropped',
    async () => ((await metricOf(rack, 'netwatch_reports_dropped_total')) ?? 0) >= 2,
  );
  assert.equal(await metricOf(rack, 'netwatch_report_queue_length'), 2);
  await datacenter.open();
  await hears(datacenter, 3);
  assertComplete(datacenter.reports);
  const dropped = (await metricOf(rack, 'netwatch_reports_dropped_total')) ?? 0;
  assert.equal(sequences(datacenter.reports)[0], dropped + 1, 'the dropped ones are the oldest, and no others');
});

test('reports go over TLS, and the rack shows its certificate', async (context) => {
  const path = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
  const datacenter = await startDatacenterDouble(context, {
    acknowledges: true,
    tls: {
      ca: readFileSync(path('ca.pem')),
      cert: readFileSync(path('server.pem')),
      key: readFileSync(path('server.key')),
      requestCert: true,
      rejectUnauthorized: true,
    },
  });
  const tls = ['--tls', '--tls-ca-file', path('ca.pem'), '--dc-controller-port', datacenter.port];
  const stranger = runNetwatch(context, 'rack', ...FREE_PORTS, ...tls);
  assert.ok((await stranger.logged('datacenter not reachable')).cause);
  await stranger.close();
  assert.equal(datacenter.reports.length, 0);
  const certificate = ['--tls-cert-file', path('client.pem'), '--tls-key-file', path('client.key')];
  runNetwatch(context, 'rack', ...FREE_PORTS, ...tls, ...certificate);
  await hears(datacenter, 2);
  assertComplete(datacenter.reports);
});
