import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { IncidentList } from '../../src/wire/api/incident.ts';
import { parseIncident } from '../../src/wire/incident-line.ts';
import { startControlled } from '../support/controlled-agent.ts';
import { runDatacenter } from '../support/datacenter-client.ts';
import { injectionOf, lossOf } from '../support/injections.ts';
import { runNetwatch } from '../support/netwatch-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** Of a capsule, before the fault and after it was found; a minute each is too long to wait for. */
const SPAN_SECONDS = 3;
const DEADLINE_MS = 90_000;

test('a fault becomes a capsule, which the datacenter lists and gives, and analyze reads', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-incidents-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const { datacenter, get } = await runDatacenter(context);
  const list = async (query = '') =>
    ((await (await get(`/api/v1/incidents${query}`)).json()) as IncidentList).incidents;
  const ports = ['--udp-listen-port', 0, '--metrics-port', 0, '--dc-controller-port', datacenter.reportPort];
  const span = ['--incident-dir', join(directory, 'capsules'), '--incident-span', SPAN_SECONDS];
  const rack = runNetwatch(context, 'rack', '--rack-id', 3, '--rate', 100, ...ports, ...span);
  const { udpPort } = await rack.logged('listening');
  const agent = await startControlled(context, { rackControllerPort: Number(udpPort) });
  const isWell = async () => {
    const response = await get('/api/v1/racks/3/servers/1');
    const { verdict } = (await response.json()) as { verdict?: { status: string } | null };
    return verdict?.status === 'healthy';
  };
  await waitUntil('the server is healthy', isWell, DEADLINE_MS);

  await agent.put(injectionOf({ phases: [{ seconds: 60, impairment: lossOf(0.6) }] }), '1');
  const incident = await waitUntil(
    'a capsule is complete',
    async () => (await list('?rack=3&server=1')).find((one) => one.is_complete),
    DEADLINE_MS,
  );
  assert.match(incident.incident_id, /-r3-s1-/);
  assert.deepEqual(await list('?rack=2'), []);

  const response = await get(`/api/v1/incidents/3/${incident.incident_id}`);
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
  assert.equal(response.headers.get('content-disposition'), `attachment; filename="${incident.incident_id}.ndjson"`);
  const text = await response.text();
  assert.equal(Buffer.byteLength(text), incident.bytes);
  const { bytes: _bytes, is_complete: _isComplete, ...head } = incident;
  assert.deepEqual(parseIncident(text.split('\n')[0] ?? ''), head);
  const received = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => (JSON.parse(line) as { recv_ts: number }).recv_ts);
  assert.ok(
    received.some((at) => at < incident.since),
    'what came before the fault',
  );
  assert.ok(
    received.some((at) => at > incident.detected + SPAN_SECONDS / 2),
    'what came after it was found',
  );

  const analyzed = spawnSync(process.execPath, [CLI, 'analyze', '--rate', '100', '-'], {
    input: text,
    encoding: 'utf8',
  });
  assert.equal(analyzed.stderr, '', 'no line is broken');
  assert.equal(analyzed.status, 0);
  const analysis = JSON.parse(analyzed.stdout) as { server_id: number; samples: number };
  assert.deepEqual([analysis.server_id, analysis.samples], [1, received.length]);

  assert.equal(await rack.close(), 0);
  assert.equal((await get(`/api/v1/incidents/3/${incident.incident_id}`)).status, 503);
});
