import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { agentSpec } from '../../src/config/agent.ts';
import { loadConfig } from '../../src/config/load.ts';
import { shortName } from '../../src/placement/write-agent-file.ts';
import { startPlacementCluster, ZONE } from '../support/placement-cluster.ts';

test('a name that is too long for an agent is shortened in its file, not in its Lease', async (context) => {
  const { api, directory, place } = await startPlacementCluster(context);
  const node = `${'worker-'.repeat(12)}1`;
  api.nodes.set(node, { [ZONE]: 'west-a' });
  await place(node);
  const file: unknown = JSON.parse(await readFile(join(directory, `${node}.json`), 'utf8'));
  assert.equal(loadConfig(agentSpec, { flags: {}, env: {}, file }).nameTemplate, shortName(node));
  assert.equal(api.leases.at(-1)?.spec?.holderIdentity, node);
});

test('a file that cannot be written is found before the cluster is asked', async (context) => {
  const { api, directory, place } = await startPlacementCluster(context);
  const out = join(directory, 'nowhere', 'agent.json');
  await assert.rejects(place('worker-1', { out }), { name: 'UserError', message: /^--out: got ".+", .+ENOENT/ });
  await assert.rejects(place('worker-1', { out: directory }), {
    name: 'UserError',
    message: /^--out: got ".+", .+EISDIR/,
  });
  assert.deepEqual(api.requests, []);
});
