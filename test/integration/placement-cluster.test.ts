import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as client from '@kubernetes/client-node';
import { agentSpec } from '../../src/config/agent.ts';
import { loadConfig } from '../../src/config/load.ts';
import { loadKubeconfig, loginOf } from '../../src/kubernetes/load-kubeconfig.ts';
import { PlacementApi } from '../../src/placement/placement-api.ts';
import { LeaseClaims } from '../../src/placement/lease-claims.ts';
import { runNetwatch, runNetwatchWith } from '../support/netwatch-process.ts';
import { startPlacementCluster, ZONE } from '../support/placement-cluster.ts';
import { waitUntil } from '../support/wait-until.ts';

test('each zone is a rack, each node a server of it, and each finds its place again', async (context) => {
  const { api, directory, place } = await startPlacementCluster(context);
  assert.deepEqual([await place('worker-1'), await place('worker-2'), await place('worker-3')], ['0/0', '1/0', '0/1']);
  assert.deepEqual([await place('worker-3'), await place('worker-1')], ['0/1', '0/0']);
  assert.deepEqual(
    api.leases.map(({ metadata, spec }) => [metadata?.name, spec?.holderIdentity]),
    [
      ['rack-0', 'west-b'],
      ['rack-0-server-0', 'worker-1'],
      ['rack-1', 'west-a'],
      ['rack-1-server-0', 'worker-2'],
      ['rack-0-server-1', 'worker-3'],
    ],
  );
  const file: unknown = JSON.parse(await readFile(join(directory, 'worker-3.json'), 'utf8'));
  const agent = loadConfig(agentSpec, { flags: {}, env: {}, file });
  assert.deepEqual(
    [agent.rackId, agent.serverIds, agent.nameTemplate, agent.rackControllerHost, agent.rackControllerPort],
    [0, [1], 'worker-3', 'rack-0.racks', 9999],
  );
});

test('a place is free again once its node is gone', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  await place('worker-1');
  await place('worker-3');
  api.removeNode('worker-1');
  api.nodes.set('worker-4', { [ZONE]: 'west-b' });
  assert.equal(await place('worker-4'), '0/0');
});

test('a node with another label moves to that rack, and what it had is free again', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  assert.equal(await place('worker-1'), '0/0');
  api.nodes.set('worker-1', { 'netwatch.io/rack': '2' });
  assert.equal(await place('worker-1'), '2/0');
  assert.equal(await place('worker-3'), '0/0');
});

test('what is given back is what was held, not what another node has there by now', async (context) => {
  const { api, kubeconfig } = await startPlacementCluster(context);
  const source = { kubeconfig, homeDirectory: '/', context: null };
  const [config, login] = [loadKubeconfig(client, source), loginOf(source)];
  const leases = new PlacementApi({ client, config, login, namespace: 'netwatch', signal: context.signal });
  context.after(() => leases.close());
  const book = new LeaseClaims(leases);
  const [former, other] = ['worker-1', 'worker-3'].map((name) => ({
    name,
    uid: `uid of ${name}`,
    rackId: 0,
    zone: null,
  }));
  assert.ok(former && other);
  const place = { rackId: 0, serverId: 0 };
  await book.claimServer(place, former);
  const [held] = await book.ofNode(former);
  assert.ok(held);
  await book.release(held);
  await book.claimServer(place, other);
  await book.release(held);
  assert.deepEqual(
    api.leases.map(({ spec }) => spec?.holderIdentity),
    ['worker-3'],
  );
});

test('many at once, on pages that are forgotten in between, have a place each', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  for (let i = 0; i < 24; i++) api.nodes.set(`n${i}`, { 'netwatch.io/rack': String(i % 2) });
  api.pageLength = 3;
  const first = await Promise.all(Array.from({ length: 12 }, (_, i) => place(`n${i}`)));
  api.forgets = 2;
  const others = await Promise.all(Array.from({ length: 12 }, (_, i) => place(`n${12 + i}`)));
  assert.equal(new Set([...first, ...others]).size, 24);
  assert.equal(api.forgets, 0);
  api.forgets = 1000;
  api.nodes.set('n24', { 'netwatch.io/rack': '0' });
  await assert.rejects(place('n24'), /the list of leases was forgotten before it was read, again and again/);
});

for (const access of ['get nodes', 'list leases', 'create leases', 'delete leases'] as const) {
  test(`whoever may not ${access} is told which rules are missing`, async (context) => {
    const { api, place } = await startPlacementCluster(context);
    await place('worker-1');
    api.nodes.set('worker-1', { 'netwatch.io/rack': '1' });
    api.denied.add(access);
    const where = access === 'get nodes' ? 'in the cluster' : 'in namespace netwatch';
    await assert.rejects(place('worker-1'), (error: Error) => {
      assert.match(error.message, new RegExp(`"system:serviceaccount:netwatch:agent" may not ${access} ${where}: `));
      assert.match(error.message, /resources: \[leases\], verbs: \[list, create, delete\]/);
      assert.match(error.message, /resources: \[nodes\], verbs: \[get\]/);
      return true;
    });
  });
}

test('a node that there is not, and a label that is no rack', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  await assert.rejects(place('worker-9'), /refused to get nodes in the cluster \(404\): nodes "worker-9" not found/);
  api.nodes.set('odd', { 'netwatch.io/rack': 'top' });
  await assert.rejects(
    place('odd'),
    /node odd has the label netwatch\.io\/rack=top: allowed is a rack from 0 to 65535/,
  );
});

test('as a command: what it writes is what an agent reads', async (context) => {
  const { api, kubeconfig, directory } = await startPlacementCluster(context);
  const out = join(directory, 'agent.json');
  const env = { KUBECONFIG: kubeconfig, NODE_NAME: 'worker-2' };
  const placing = runNetwatchWith(env, context, 'place', '--out', out, '--rack-controller-host', '127.0.0.1');
  const { rackId, serverId } = await placing.logged('the node has its place');
  assert.deepEqual([rackId, serverId], [0, 0]);
  await waitUntil('it has ended', () => placing.hasExited);
  assert.equal(placing.child.exitCode, 0);
  assert.equal(api.requests[0], 'get nodes worker-2');
  const agent = runNetwatch(context, 'agent', '--config', out, '--metrics-port', '0');
  const { rackId: rack, serverIds } = await agent.logged('agent started');
  assert.deepEqual([rack, serverIds], [0, [0]]);
});
