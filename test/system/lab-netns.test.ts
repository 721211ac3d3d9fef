import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createNetnsTarget } from '../../src/chaos/targets/netns.ts';
import { labDirectory } from '../../src/io/lab-files.ts';
import { findMarkedProcesses } from '../../src/io/marked-processes.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { NAMESPACE_MARK } from '../../src/wire/netns-claim.ts';
import { impairmentOf, injectionOf } from '../support/injections.ts';
import { type NetnsLab, netnsLacks, qdiscsOf, remainsOf, startNetnsLab } from '../support/netns-lab.ts';
import type { RunningLab } from '../support/running-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const SMALL = ['--racks', '1', '--servers', '3'];
const MAX_ERROR = 0.02;
/** Half of what a server sends. */
const HALF_RATE = 6000;
const OURS = ['tbf 4e57:', 'tbf 4e57:', 'tbf 4e57:'];
const NONE = ['noqueue 0:', 'noqueue 0:', 'noqueue 0:'];

const lacks = netnsLacks();
const skip = process.env.CI ? false : (lacks ?? false);

function rateInjection(changes: Partial<Injection> = {}): Injection {
  const phases = [{ seconds: 60, impairment: impairmentOf({ rateBitsPerSecond: HALF_RATE }) }];
  return injectionOf({ phases, seed: null, durationSeconds: 300, ...changes });
}

/** The same as on the command line, in a process of its own that can be killed. */
async function startInjector(context: TestContext, lab: RunningLab, durationSeconds: number) {
  const url = `http://127.0.0.1:${lab.basePort + 1}`;
  const flags = ['--rack', '0', '--rate', '6kbit', '--duration', `${durationSeconds}s`, '--url', url];
  const injector = spawn(process.execPath, [CLI, 'chaos', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, XDG_RUNTIME_DIR: lab.runtimeDirectory },
  });
  context.after(() => injector.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: injector.stdout }).on('line', (line) => lines.push(line));
  await waitUntil('the injector says that it has injected', () => lines.some((line) => line.startsWith('injected on')));
  return injector;
}

/** Those that lead a session of their own, without a terminal; what else is there are their children. */
async function watchdogsOf({ file }: NetnsLab): Promise<readonly number[]> {
  const names = new Set(file.namespaces.map(({ namespace }) => namespace));
  const pids = (await findMarkedProcesses(NAMESPACE_MARK, names)).map(({ pid }) => pid);
  return pids.filter((pid) => new RegExp(String.raw`\) \S \d+ \d+ ${pid} 0 `).test(statOf(pid)));
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

async function problemsOf(outcomes: Promise<readonly { problem: string | null }[]>): Promise<readonly string[]> {
  return (await outcomes).flatMap(({ problem }) => problem ?? []);
}

test('servers in namespaces are healthy, are broken by tc and healed, and nothing is left', { skip }, async (t) => {
  assert.equal(lacks, null, 'in CI no test may skip');
  const { lab, file, target } = await startNetnsLab(t, SMALL);
  await lab.untilHealthy(MAX_ERROR);
  assert.equal(remainsOf(file.pid).length, 1 + 3 + 3, 'a bridge, and for each server a cable and a namespace');
  const [, place = ''] = /agents (\S+)/.exec(await lab.line(/^metrics/)) ?? [];
  const metrics = await fetch(`http://${place}/metrics`);
  assert.match(await metrics.text(), /netwatch_agent_samples_sent_total\{rack_id="0",server_id="0"\} [1-9]/);

  const servers = await target.list(t.signal);
  assert.deepEqual(await problemsOf(target.apply(rateInjection(), servers, t.signal)), []);
  assert.deepEqual(qdiscsOf(file), OURS);
  const held = await target.status(t.signal);
  assert.deepEqual(
    held.map(({ state, description, server }) => [state, description, server.serverId]),
    [0, 1, 2].map((serverId) => ['active', 'rate 6 kbit/s', serverId]),
  );
  await waitUntil('every server of the rack suffers', async () =>
    (await lab.rack(0)).servers.every(({ status }) => status !== 'healthy'),
  );

  const another = rateInjection({ id: '00000000beef' });
  assert.deepEqual(await problemsOf(target.apply(another, servers.slice(0, 1), t.signal)), [], 'takes the place');
  const stale = { id: rateInjection().id, signal: t.signal };
  assert.deepEqual(await problemsOf(target.clear(servers.slice(0, 1), stale)), []);
  assert.equal(qdiscsOf(file)[0], 'tbf 4e57:', 'another injection than the one that was meant stays');
  assert.deepEqual(await problemsOf(target.clear(servers, { id: null, signal: t.signal })), []);
  assert.deepEqual(qdiscsOf(file), NONE);
  assert.deepEqual(await target.status(t.signal), []);
  await lab.untilHealthy(MAX_ERROR);

  assert.equal(await lab.end(), 0, lab.output.join('\n'));
  assert.deepEqual(remainsOf(file.pid), []);
});

test('an injector that is killed changes nothing: its watchdogs undo it in time', { skip }, async (t) => {
  assert.equal(lacks, null, 'in CI no test may skip');
  const started = await startNetnsLab(t, SMALL);
  const { lab, file, target } = started;
  const injector = await startInjector(t, lab, 8);
  const exited = once(injector, 'exit');
  injector.kill('SIGKILL');
  await exited;
  assert.equal((await watchdogsOf(started)).length, 3, 'they have no tie to a terminal either');
  assert.deepEqual(
    (await target.status(t.signal)).map(({ state }) => state),
    ['active', 'active', 'active'],
  );
  await waitUntil('nothing is in force', async () => (await target.status(t.signal)).length === 0);
  assert.deepEqual(qdiscsOf(file), NONE);
  assert.deepEqual(await watchdogsOf(started), []);
});

test(
  'what a killed watchdog leaves behind is seen and swept, and what is of others is refused',
  { skip },
  async (t) => {
    assert.equal(lacks, null, 'in CI no test may skip');
    const started = await startNetnsLab(t, SMALL);
    const { file, target } = started;
    const servers = await target.list(t.signal);
    assert.deepEqual(await problemsOf(target.apply(rateInjection(), servers, t.signal)), []);
    for (const pid of await watchdogsOf(started)) process.kill(pid, 'SIGKILL');
    await waitUntil('the watchdogs have ended', async () => (await watchdogsOf(started)).length === 0);
    for (const { state, problem } of await target.status(t.signal)) {
      assert.equal(state, 'leftover');
      assert.match(problem ?? '', /its watchdog was killed \(pid \d+\)/);
    }
    assert.deepEqual(qdiscsOf(file), OURS, 'nobody has undone it');
    assert.deepEqual(await problemsOf(target.clear(servers, { id: null, signal: t.signal })), []);
    assert.deepEqual(qdiscsOf(file), NONE);
    assert.deepEqual(await target.status(t.signal), []);

    const [first] = file.namespaces;
    assert.ok(first);
    const foreign = 'tc qdisc add dev eth0 root handle 1: tbf rate 1gbit burst 1mb limit 1mb'.split(' ');
    execFileSync('ip', ['netns', 'exec', first.namespace, ...foreign]);
    const [refusal = ''] = await problemsOf(target.apply(rateInjection(), servers.slice(0, 1), t.signal));
    assert.match(refusal, /eth0 has the qdisc tbf 1:, which is not ours/);
    assert.deepEqual(await problemsOf(target.clear(servers, { id: null, signal: t.signal })), []);
    assert.equal(qdiscsOf(file)[0], 'tbf 1:', 'it is not touched');
    assert.deepEqual(await target.status(t.signal), []);
  },
);

test('an injection whose evidence somebody has deleted is seen, ended and undone', { skip }, async (t) => {
  assert.equal(lacks, null, 'in CI no test may skip');
  const started = await startNetnsLab(t, SMALL);
  const { file, target } = started;
  const evidence = join(labDirectory({ XDG_RUNTIME_DIR: started.lab.runtimeDirectory }), 'netns');
  const servers = await target.list(t.signal);
  const [first] = servers;
  assert.ok(first);
  const lost = rateInjection();
  assert.deepEqual(await target.status(t.signal), [], 'so that nothing is known from before');
  assert.deepEqual(await problemsOf(target.apply(lost, servers, t.signal)), []);
  assert.equal((await target.status(t.signal)).length, 3);
  for (const { namespace } of file.namespaces) {
    const script = readFileSync(join(evidence, namespace, 'holder.sh'), 'utf8');
    assert.ok(script.includes(`by_hand='by hand: ip netns exec ${namespace}'`), 'what it tells to type can be typed');
  }
  rmSync(evidence, { recursive: true });
  assert.deepEqual(
    (await target.status(t.signal)).map(({ state, problem }) => [state, problem?.replace(/:.*/, '')]),
    servers.map(() => ['leftover', 'nobody holds it']),
  );
  const another = rateInjection({ id: '00000000beef' });
  assert.deepEqual(await problemsOf(target.clear([first], { id: null, signal: t.signal })), []);
  assert.deepEqual(await problemsOf(target.apply(another, [first], t.signal)), []);
  assert.deepEqual(await problemsOf(target.clear(servers, { id: lost.id, signal: t.signal })), []);
  assert.deepEqual(qdiscsOf(file), ['tbf 4e57:', 'noqueue 0:', 'noqueue 0:'], 'that of another injection stays');
  assert.equal((await watchdogsOf(started)).length, 1, 'those that were lost would undo it at their end');
  assert.deepEqual(
    (await target.status(t.signal)).map(({ id, state }) => [id, state]),
    [[another.id, 'active']],
  );

  // Nobody is left who could undo it.
  rmSync(evidence, { recursive: true });
  for (const pid of await watchdogsOf(started)) process.kill(pid, 'SIGKILL');
  await waitUntil('the watchdog has ended', async () => (await watchdogsOf(started)).length === 0);
  assert.equal((await target.status(t.signal)).length, 1);
  assert.deepEqual(await problemsOf(target.clear(servers, { id: another.id, signal: t.signal })), []);
  assert.deepEqual(qdiscsOf(file), NONE);
  assert.deepEqual(await target.status(t.signal), []);
});

test('of several injectors at once each says what became of it, and one holds', { skip }, async (t) => {
  assert.equal(lacks, null, 'in CI no test may skip');
  const started = await startNetnsLab(t, ['--racks', '1', '--servers', '2']);
  const { file, target } = started;
  const servers = await target.list(t.signal);
  const directory = labDirectory({ XDG_RUNTIME_DIR: started.lab.runtimeDirectory });
  for (let round = 0; round < 3; round++) {
    const injections = [1, 2, 3, 4, 5].map((each) => rateInjection({ id: `0000000000${round}${each}` }));
    /* oxlint-disable no-await-in-loop -- one round after the other */
    const outcomes = await Promise.all(
      injections.map(async (each) => createNetnsTarget({ labFile: file, directory }).apply(each, servers, t.signal)),
    );
    for (const { problem } of outcomes.flat())
      assert.ok(problem === null || problem.startsWith('another injector is at work on it'), problem ?? '');
    assert.equal((await watchdogsOf(started)).length, 2, 'one on each server');
    assert.deepEqual(qdiscsOf(file), OURS.slice(0, 2));
    const held = await target.status(t.signal);
    for (const { id, server, state } of held) {
      assert.equal(state, 'active');
      const winner = injections.findIndex((each) => each.id === id);
      assert.equal(outcomes[winner]?.find((each) => each.server.serverId === server.serverId)?.problem, null);
    }
    assert.equal(held.length, 2);
    assert.deepEqual(await problemsOf(target.clear(servers, { id: null, signal: t.signal })), []);
    assert.deepEqual([qdiscsOf(file), await watchdogsOf(started)], [NONE.slice(0, 2), []]);
    /* oxlint-enable no-await-in-loop */
  }
});

test('what a killed lab leaves behind goes when the next one starts, injections too', { skip }, async (t) => {
  assert.equal(lacks, null, 'in CI no test may skip');
  const started = await startNetnsLab(t, SMALL);
  const { lab, file, target } = started;
  const forever = rateInjection({ durationSeconds: null });
  assert.deepEqual(await problemsOf(target.apply(forever, await target.list(t.signal), t.signal)), []);
  lab.process.kill('SIGKILL');
  await lab.ended();
  await waitUntil('every process of the lab is gone', async () => lab.isGone());
  assert.equal((await watchdogsOf(started)).length, 3, 'the injections outlive the lab');
  assert.equal(remainsOf(file.pid).length, 7);

  const next = await startNetnsLab(t, ['--racks', '1', '--servers', '1']);
  await next.lab.line(/^removed what an earlier lab left behind \(pid \d+\): 4 namespaces and bridges$/);
  assert.deepEqual(remainsOf(file.pid), []);
  assert.deepEqual(await watchdogsOf(started), []);
  assert.deepEqual(await next.target.status(t.signal), []);

  const beside = await startNetnsLab(t, ['--racks', '1', '--servers', '1']);
  await Promise.all([next.lab.untilHealthy(MAX_ERROR), beside.lab.untilHealthy(MAX_ERROR)]);
  const [one, other] = await Promise.all([next, beside].map(async (each) => each.lab.line(/^metrics/)));
  assert.notEqual(/agents (\S+):/.exec(one ?? '')?.[1], /agents (\S+):/.exec(other ?? '')?.[1], 'other addresses');

  // Ends with an injection in force: its watchdog goes with it.
  const servers = await next.target.list(t.signal);
  assert.deepEqual(await problemsOf(next.target.apply(forever, servers, t.signal)), []);
  assert.equal(await next.lab.end(), 0, next.lab.output.join('\n'));
  assert.deepEqual(remainsOf(next.file.pid), []);
  assert.deepEqual(await watchdogsOf(next), []);
  assert.equal(remainsOf(beside.file.pid).length, 3, 'the lab beside it is not touched');
});

test('what cannot be removed is told, makes the exit code 1, and goes with the next lab', { skip }, async (t) => {
  assert.equal(lacks, null, 'in CI no test may skip');
  const { PATH: path = '' } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'netwatch-no-removal-'));
  t.after(() => rmSync(folder, { recursive: true }));
  // Stands in for a kernel that refuses to remove: only removals go on after a line that failed.
  const wrapper = `#!/bin/sh\nPATH='${path}'\n[ "$1" != -force ] || { echo refused >&2; exit 1; }\nexec ip "$@"\n`;
  writeFileSync(join(folder, 'ip'), wrapper, { mode: 0o755 });
  process.env.PATH = `${folder}${delimiter}${path}`;
  t.after(() => (process.env.PATH = path));
  const { lab, file } = await startNetnsLab(t, ['--racks', '1', '--servers', '1']);
  process.env.PATH = path;
  assert.equal(await lab.end(), 1);
  const name = `nw${file.pid}r0`;
  await lab.line(
    new RegExp(`^these network namespaces and devices were not removed: ${name}s0, ${name} \\(refused\\)$`),
  );

  const next = await startNetnsLab(t, ['--racks', '1', '--servers', '1']);
  await next.lab.line(/^removed what an earlier lab left behind/);
  assert.deepEqual(remainsOf(file.pid), []);
});
