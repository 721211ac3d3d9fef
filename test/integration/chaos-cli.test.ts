import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';
import { runChaos, startChaos } from '../support/chaos-cli.ts';
import { startLab, type RunningLab } from '../support/running-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

const DATACENTER_METRICS = 2;

/** Why each injection ended, the newest first. */
async function ends(lab: RunningLab): Promise<(string | null)[]> {
  const events: readonly DatacenterEvent[] = await lab.events();
  return events.flatMap((event) => (event.scope === 'chaos' && event.to === 'ended' ? event.chaos.reason : []));
}

test('netwatch chaos, as it is used on a lab', async (context) => {
  const lab = await startLab(context, ['--racks', '2', '--servers', '3']);
  const run = (...args: string[]) => runChaos(context, lab.runtimeDirectory, ...args);
  const start = (...args: string[]) => startChaos(context, lab.runtimeDirectory, args);
  const status = async (): Promise<readonly { readonly rack_id: number; readonly server_id: number }[]> => {
    const { code, stdout, stderr } = await run('status', '--json');
    assert.equal(code, 0, stderr);
    return (JSON.parse(stdout) as { injections: { rack_id: number; server_id: number }[] }).injections;
  };

  await context.test('nothing is injected at first', async () => {
    assert.equal((await run('status')).stdout, 'target lab, 6 servers: nothing is injected\n');
  });

  await context.test('a dry run says what would be done and does nothing', async () => {
    const { code, stdout } = await run('--rack', '0', '--server', '1', '--loss', '20', '--dry-run');
    assert.equal(code, 0);
    assert.match(stdout, /^this would be done on 1 server of target lab:\n# rack 0 server 1: agent-0.*\ncurl -X PUT /);
    assert.deepEqual(await status(), []);
  });

  await context.test('an injection outlives a SIGKILL of the injector, but not its own end', async () => {
    const injector = start('--rack', '0', '--delay', '200ms', '--loss', '20', '--duration', '30s');
    await injector.said('injected on rack 0 (3 servers, target lab): delay 200 ms, loss 20 %, for 30 s');
    injector.kill('SIGKILL');
    assert.equal((await injector.ended).code, null);
    assert.equal((await status()).length, 3);
    const active = await lab.exposition(DATACENTER_METRICS);
    for (const kind of ['delay', 'loss']) {
      assert.ok(active.includes(`netwatch_chaos_active{target="rack 0",kind="${kind}"} 1`), active);
    }
    await waitUntil('its time is over', async () => (await status()).length === 0);
    await waitUntil('the datacenter knows', async () => (await ends(lab))[0] === 'expired');
    assert.ok(!(await lab.exposition(DATACENTER_METRICS)).includes('netwatch_chaos_active{'));
  });

  await context.test('its time over, the injector says so and exits with 0', async () => {
    const { code, stdout } = await run('--server', '2', '--loss', '5', '--duration', '1s');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^injected on 2 servers of 2 racks \(2 servers, target lab\): loss 5 %, for 1.0 s, id [0-9a-f]{12}; /,
    );
    assert.match(stdout, /\n2 servers of 2 racks: undone after .*, its time was over\n$/);
  });

  await context.test('Ctrl-C undoes it at once', async () => {
    const injector = start('--all', '--loss', '5', '--forever');
    await injector.said('injected on racks 0-1 (6 servers, target lab): loss 5 %, until it is cleared');
    injector.kill('SIGINT');
    const { code, stdout } = await injector.ended;
    assert.equal(code, 0);
    assert.match(stdout, /\nracks 0-1: undone after /);
    assert.deepEqual(await status(), []);
    assert.equal((await ends(lab))[0], 'cleared');
  });

  await context.test('a clear from elsewhere ends it, and the one who holds it notices', async () => {
    const holder = start('--rack', '1', '--loss', '5', '--forever');
    await holder.said('injected on rack 1');
    const { code, stdout } = await run('--rack', '1', '--clear');
    assert.equal(code, 0);
    assert.match(stdout, /^undone on rack 1 \(3 servers\): loss 5 %, id [0-9a-f]{12}\n$/);
    const held = await holder.ended;
    assert.equal(held.code, 1, 'it did not last as long as it should have');
    assert.match(
      held.stdout,
      /\nrack 1: it was gone after .*: cleared from elsewhere, or with its servers or holders\n$/,
    );
    assert.equal((await run('--clear')).stdout, 'nothing is injected on racks 0-1\n');
  });

  await context.test('one injection takes the place of another, and --json tells of it', async () => {
    assert.equal((await run('--rack', '0', '--loss', '5', '--detach')).code, 0);
    const { code, stdout, stderr } = await run('--rack', '0', '--server', '0', '--loss', '9', '--detach', '--json');
    assert.equal(code, 0);
    assert.match(stderr, /^this takes the place of loss 5 % \(id /);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(
      [result.description, result.scope, result.servers, result.end],
      ['loss 9 %', 'rack 0 server 0', [{ rack_id: 0, server_ids: [0] }], null],
    );
    assert.equal((await status()).length, 3);
    assert.equal((await run('--clear')).code, 0);
    assert.deepEqual(await status(), []);
  });

  await context.test('a mistake is told in words, and nothing is done', async () => {
    const refused = async (args: readonly string[], code: number, message: RegExp): Promise<void> => {
      const result = await run(...args);
      assert.match(result.stderr, message);
      assert.deepEqual([result.code, result.stdout], [code, '']);
    };
    await refused(
      ['--rack', '7', '--loss', '5'],
      1,
      /^netwatch: there is no rack 7: there are rack 0 with servers 0-2, rack 1/,
    );
    await refused(['--rack', '0', '--loss', '120'], 2, /^--loss: got "120", allowed: per cent above 0 .* at most 100/);
    await refused(['--rack', '0'], 2, /^say what to break it with: --delay 200ms/);
    await refused(['--loss', '5'], 2, /say what to break: --rack 0/);
    await refused(['--rack', '0', '--loss', '5', '--direction', 'ingress'], 1, /servers of this lab only send/);
    await refused(
      ['--rack', '0', '--loss', '5', '--target', 'netns'],
      1,
      /no such lab .*: start one with netwatch lab --isolation netns/,
    );
    await refused(
      ['--rack', '0', '--loss', '5', '--url', 'http://127.0.0.1:1', '--target', 'lab'],
      1,
      /no such lab .* API at http:\/\/127.0.0.1:1: .*\n {2}one that runs is --target lab --url http:/,
    );
    await refused(['--rack', '0', '--lose', '5'], 2, /^--lose: unknown flag/);
    await refused(
      ['--rack', '0', '--loss', '5', 'extra'],
      2,
      /^extra: unknown argument, --help lists those there are\n$/,
    );
    await refused(['statu'], 2, /^statu: unknown command of chaos, nearest: status\n$/);
    await refused(['--rack', '0', '--delay', '0ms'], 2, /^--delay: got "0ms", allowed: .*, loss, loss model, corrupt,/);
    await refused(['run', 'nowhere.yaml'], 2, /^cannot read the scenario nowhere.yaml: ENOENT.*\n.*dying-cable/);
    assert.deepEqual(await status(), []);
  });
});

test('where nothing runs, each place that was looked at is named', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(directory, { recursive: true }));
  const { code, stderr } = await runChaos(context, directory, '--rack', '0', '--loss', '5');
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^netwatch: there is nothing to break:\n {2}lab: .*npm start.*\n {2}docker: no Docker daemon .*\n {2}kubernetes: /,
  );
});
