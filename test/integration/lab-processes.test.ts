import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import * as v from 'valibot';
import { DatacenterHealthSchema } from '../../src/wire/health-schema.ts';
import { RunningLab, startLab } from '../support/running-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What a healthy server's error may be in a running lab, on a machine that does other things too. */
const MAX_ERROR = 0.02;

test('32 servers become healthy, each under its name, and SIGINT ends every process', async (context) => {
  const lab = await startLab(context, []);
  const servers = await lab.untilHealthy(MAX_ERROR);
  assert.deepEqual(
    servers.map(({ rack_id, server_id, name }) => [rack_id, server_id, name]),
    Array.from({ length: 32 }, (_, n) => [Math.floor(n / 8), n % 8, `r${Math.floor(n / 8)}-s${n % 8}`]),
  );
  assert.equal(await lab.isGone(), false, 'its ports are taken while it runs');
  const file = await lab.file();
  assert.equal(file.api_url, `http://127.0.0.1:${lab.basePort + 1}`);
  assert.deepEqual(
    file.agents.map(({ name, server_ids, control_url }) => [name, server_ids.length, control_url]),
    [0, 1, 2, 3].map((rackId) => [`agent-${rackId}`, 8, `http://127.0.0.1:${lab.basePort + 400 + rackId}`]),
  );
  assert.deepEqual([file.pid, file.isolation, file.namespaces], [lab.process.pid, 'none', []]);
  assert.ok(!lab.output.join('\n').includes(file.token), 'nobody is shown the token');
  assert.equal(await lab.end(), 0);
  assert.deepEqual(lab.leftBehind, ['netwatch'], 'its files are gone');
  assert.ok(await lab.isGone(), 'a process of the lab is left');
});

test('a lab whose output nobody reads any more ends in order at its next line', async (context) => {
  const lab = await startLab(context, ['--racks', '1', '--servers', '1']);
  lab.process.stdout?.destroy();
  process.kill(lab.pid('agent-0'), 'SIGKILL');
  assert.equal(await lab.ended(), 0);
  assert.deepEqual(lab.leftBehind, ['netwatch'], 'its files are gone');
  assert.ok(await lab.isGone(), 'a process of the lab is left');
});

test('a duration that is over ends the lab by itself, with the tree on standard output', async (context) => {
  const lab = await startLab(context, ['--json', '--duration', '2s', '--racks', '2', '--servers', '3']);
  assert.equal(await lab.ended(), 0, lab.output.join('\n'));
  const tree = v.parse(DatacenterHealthSchema, JSON.parse(lab.stdout.join('\n')));
  assert.deepEqual(
    tree.racks.map(({ rack_id }) => rack_id),
    [0, 1],
  );
  assert.ok(lab.output.some((line) => line.startsWith('starting 2 racks')));
  assert.ok(await lab.isGone(), 'a process of the lab is left');
});

test('a killed agent silences its rack', async (context) => {
  const lab = await startLab(context, ['--racks', '2', '--servers', '2', '--restart-after', '0s']);
  const pid = Number(/kill -9 (\d+)/.exec(await lab.line(/silences rack 1/))?.[1]);
  await lab.untilHealthy(MAX_ERROR);
  process.kill(pid, 'SIGKILL');
  const told = await lab.line(/agent-1 ended/);
  assert.match(told, /^\d\d:\d\d:\d\d agent-1 ended unexpectedly \(killed by SIGKILL\); it stays down$/);
  await lab.line(/rack 1\b.*→ silent/);
  assert.equal(await lab.end(), 0);
  await lab.line(/the lab has ended/);
  assert.ok(await lab.isGone(), 'a process of the lab is left');
});

test('the processes of a lab that is killed end by themselves', async (context) => {
  const lab = await startLab(context, ['--racks', '1', '--servers', '1']);
  assert.equal(await lab.isGone(), false);
  lab.process.kill('SIGKILL');
  await lab.ended();
  await waitUntil('every process of the lab is gone', () => lab.isGone());
});

test('a taken port is named before anything is started', async (context) => {
  const taker = createServer().listen(0, '127.0.0.1');
  context.after(() => taker.close());
  await once(taker, 'listening');
  const address = taker.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { port } = address;
  const lab = new RunningLab(port - 201, []);
  assert.equal(await lab.ended(), 1);
  assert.deepEqual(lab.stdout, []);
  const said = lab.output.join('\n');
  const message = `metrics and spectra of rack-1 on 127\\.0\\.0\\.1:${port} \\(tcp\\): the port is taken`;
  assert.match(said, new RegExp(message));
  assert.match(said, /--base-port/);
});
