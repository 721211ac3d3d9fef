import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  type Evidence,
  layDownEvidence,
  type NamespaceServer,
  readEvidence,
  readWatchdog,
  removeEvidence,
  removeEvidenceOf,
  removeVanished,
  runningWatchdog,
  scriptFile,
} from '../../src/chaos/netns/evidence.ts';
import { namespacesWithRules } from '../../src/chaos/netns/look-for-rules.ts';
import { readHeld } from '../../src/chaos/netns/read-held.ts';
import { createNetnsTarget } from '../../src/chaos/targets/netns.ts';
import type { LabFile } from '../../src/wire/lab-file.ts';
import { injectionOf } from '../support/injections.ts';

/** No such namespace is there on any machine. */
const GONE = 'nw0r0s';
const EVIDENCE: Evidence = {
  version: 1,
  id: '0123456789ab',
  description: 'loss 20 %',
  appliedSeconds: 1000,
  durationSeconds: 60,
};
const LAB_FILE: LabFile = {
  version: 1,
  pid: 1,
  api_url: 'http://127.0.0.1:1',
  isolation: 'netns',
  token: 'x'.repeat(32),
  agents: [],
  namespaces: [
    { rack_id: 0, server_id: 10, namespace: `${GONE}10` },
    { rack_id: 0, server_id: 2, namespace: `${GONE}2` },
  ],
};
const lacksProc = process.platform === 'linux' ? false : 'a watchdog is recognised by /proc, which is a part of Linux';

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "netwatch netns' "));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function serverIn(folder: string, serverId = 0): NamespaceServer {
  const namespace = `${GONE}${serverId}`;
  return {
    server: { rackId: 0, serverId, place: `namespace ${namespace}` },
    namespace,
    directory: join(folder, namespace),
  };
}

test('evidence is laid down once, for its user alone, and read as it was written', async (t) => {
  const of = serverIn(join(temporaryFolder(t), 'netns'));
  assert.equal(await readEvidence(of), null);
  assert.equal(await layDownEvidence(of, EVIDENCE, 'true'), true);
  assert.equal(statSync(of.directory).mode & 0o777, 0o700);
  assert.deepEqual(await readEvidence(of), EVIDENCE);
  assert.equal(await layDownEvidence(of, { ...EVIDENCE, id: 'ba9876543210' }, 'true'), false);
  assert.deepEqual(await readEvidence(of), EVIDENCE, 'that of another injector stays');
  assert.deepEqual(readdirSync(join(of.directory, '..')), [of.namespace], 'and nothing unfinished');
  writeFileSync(join(of.directory, 'injection.json'), '{"version":1');
  assert.equal(await readEvidence(of), 'unreadable');
  await removeEvidence(of);
  await removeEvidence(of);
  assert.equal(await readEvidence(of), null);
});

test('the evidence of an injection that took the place of another stays', async (t) => {
  const of = serverIn(temporaryFolder(t));
  await layDownEvidence(of, EVIDENCE, 'true');
  await removeEvidenceOf(of, 'ba9876543210');
  assert.deepEqual(await readEvidence(of), EVIDENCE);
  await removeEvidenceOf(of, EVIDENCE.id);
  assert.equal(await readEvidence(of), null);
});

test('a rule of ours is known by its handle and its kind, and a device of ours by its name', () => {
  const looked = {
    nothing: 'qdisc noqueue 0: dev lo root refcnt 2 \nqdisc noqueue 0: dev eth0 root refcnt 2 ',
    netem: 'qdisc netem 4e57: dev eth0 root refcnt 3 limit 1000 delay 200ms',
    bands: 'qdisc prio 4e57: dev eth0 root refcnt 3 bands 2\nqdisc netem 4e58: dev eth0 parent 4e57:2 limit 1000',
    incoming: 'qdisc noqueue 0: dev eth0 root\nqdisc tbf 4e57: dev nwifb0 root refcnt 2 rate 1Mbit',
    shaping: 'qdisc htb 4e57: dev eth0 root refcnt 3 r2q 10',
    theirs: 'qdisc netem 1: dev eth0 root refcnt 3 limit 1000',
    elsewhere: 'qdisc netem 4e57: dev eth1 root refcnt 3 limit 1000',
    unreachable: '',
  };
  const text = Object.entries(looked).map(([name, qdiscs]) => `namespace ${name}\n${qdiscs}\n`);
  assert.deepEqual([...namespacesWithRules(text.join(''))], ['netem', 'bands', 'incoming']);
});

test('a watchdog says itself which process it is, before it does anything', { skip: lacksProc }, async (t) => {
  const of = serverIn(temporaryFolder(t));
  await layDownEvidence(of, EVIDENCE, 'echo began; read line');
  assert.equal(await readWatchdog(of), null);
  const child = spawn('sh', [scriptFile(of)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const watchdog = await runningWatchdog(of);
  assert.equal(watchdog?.pid, child.pid);
  child.kill('SIGKILL');
  await exited;
  assert.equal(await runningWatchdog(of), null);
  assert.deepEqual(await readWatchdog(of), watchdog, 'who it was stays known');
});

test('a watchdog whose evidence was taken away does nothing', { skip: lacksProc }, async (t) => {
  const folder = temporaryFolder(t);
  const of = serverIn(folder);
  await layDownEvidence(of, EVIDENCE, `echo >'${join(folder, 'began').replaceAll("'", String.raw`'\''`)}'`);
  const script = join(folder, 'copy.sh');
  copyFileSync(scriptFile(of), script);
  await removeEvidence(of);
  const [code] = (await once(spawn('sh', [script], { stdio: 'ignore' }), 'exit')) as [number | null];
  assert.equal(code, 11);
  assert.equal(existsSync(join(folder, 'began')), false);
});

test('with its namespace an injection is gone, and then its evidence', async (t) => {
  const folder = temporaryFolder(t);
  const [of, other] = [serverIn(folder), serverIn(folder, 1)];
  for (const each of [of, other]) {
    // oxlint-disable-next-line no-await-in-loop -- two of them
    await layDownEvidence(each, EVIDENCE, 'true');
  }
  assert.equal(await readHeld(of, 1010), null);
  assert.equal(existsSync(of.directory), false);
  const [old, young] = [join(folder, '.new-old'), join(folder, '.new-young')];
  for (const path of [old, young]) mkdirSync(path);
  utimesSync(old, 1, 1);
  await removeVanished(folder);
  assert.deepEqual(readdirSync(folder), ['.new-young'], 'what an injector may be writing right now stays');
  await removeVanished(join(folder, 'nowhere'));
});

test('the target knows the servers of its lab, and says what it would run in which namespace', async (t) => {
  const target = createNetnsTarget({ labFile: LAB_FILE, directory: temporaryFolder(t) });
  const servers = await target.list(t.signal);
  assert.deepEqual(
    servers.map(({ serverId, place }) => [serverId, place]),
    [
      [2, 'namespace nw0r0s2'],
      [10, 'namespace nw0r0s10'],
    ],
  );
  const [planned] = target.plan(injectionOf({ seed: null }), servers);
  assert.ok(planned);
  assert.equal(planned.server.serverId, 2);
  const commands = planned.commands.filter((line) => !line.startsWith('#'));
  assert.match(commands[0] ?? '', /^ip netns exec nw0r0s2 tc qdisc replace dev eth0 root handle 4e57: netem .*loss/);
  assert.equal(commands.at(-1), 'ip netns exec nw0r0s2 tc qdisc del dev eth0 root handle 4e57:');
  assert.throws(() => target.plan(injectionOf(), [{ rackId: 7, serverId: 7, place: 'namespace x' }]), {
    name: 'ChaosError',
    message: 'namespace x is no namespace of this lab',
  });
});

test('where the lab has ended nothing is injected, and nothing is left to undo', async (t) => {
  const target = createNetnsTarget({ labFile: LAB_FILE, directory: temporaryFolder(t) });
  const servers = await target.list(t.signal);
  const outcomes = await target.apply(injectionOf({ seed: null }), servers, t.signal);
  assert.deepEqual(
    outcomes.map(({ problem }) => problem),
    [2, 10].map((id) => `there is no network namespace nw0r0s${id} any more: has the lab ended?`),
  );
  const cleared = await target.clear(servers, { id: null, signal: t.signal });
  assert.deepEqual(
    cleared.map(({ problem }) => problem),
    [null, null],
  );
  assert.deepEqual(await target.status(t.signal), []);
  await assert.rejects(target.apply(injectionOf(), servers, AbortSignal.abort(new Error('ended'))), /ended/);
  await target.close();
});
