import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runInjection } from '../../src/chaos/run-injection.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { runDatacenter } from '../support/datacenter-client.ts';
import { type DockerDouble, startDockerDouble } from '../support/docker-double.ts';
import { addLab, configOf, reachOf, TOKEN } from '../support/docker-lab.ts';
import { lossOf } from '../support/injections.ts';

/** Injects for a moment and gives what the command said. */
async function inject(context: TestContext, double: DockerDouble): Promise<string> {
  const said: string[] = [];
  const sink = {
    write: (text: string) => {
      said.push(text);
      return true;
    },
  };
  const injected = await runInjection({
    config: configOf({ all: 'true', loss: '20', detach: 'true' }),
    impairment: lossOf(0.2),
    reach: await reachOf(context, { dockerHost: double.host }),
    output: { stdout: sink, stderr: sink, json: false, showsProgress: false },
    signal: new AbortController().signal,
  });
  assert.ok(injected);
  return said.join('');
}

test('the datacenter shows what is injected into its lab', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(folder, { recursive: true }));
  const controlTokenFile = join(folder, 'token');
  await writeFile(controlTokenFile, `${TOKEN}-lab`, { mode: 0o600 });
  const { datacenter, get } = await runDatacenter(context, { controlTokenFile });
  const double = await startDockerDouble(context);
  addLab(double, 'lab', [`127.0.0.1:${datacenter.apiPort}->8080/tcp`]);
  assert.match(await inject(context, double), /^injected on .*: loss 20 %/);
  const { injections } = (await (await get('/api/v1/chaos')).json()) as { injections: ChaosNotice[] };
  assert.deepEqual(
    injections.map(({ target, description, servers }) => ({ target, description, servers })),
    [{ target: 'docker', description: 'loss 20 %', servers: [{ rack_id: 0, server_ids: [1] }] }],
  );
});

test('a datacenter that cannot be told does not keep anything from being injected; one line says why', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double).files.clear();
  const [first, second, ...others] = (await inject(context, double)).trim().split('\n');
  assert.match(first ?? '', /^the datacenter was not told: the token of the container lab_datacenter_1 is not known: /);
  assert.match(second ?? '', /^injected on .*: loss 20 %/);
  assert.deepEqual(others, []);
});
