import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { labSpec } from '../../src/config/lab.ts';
import { loadConfig } from '../../src/config/load.ts';
import { allProcesses, planLab } from '../../src/lab/lab-plan.ts';
import { checkPorts, PortsError } from '../../src/lab/ports.ts';
import { DatacenterHealthSchema } from '../../src/terminal/health-schema.ts';

const CLI_FILE = resolve(import.meta.dirname, '../../src/cli.ts');
const TIMEOUT_MS = 90_000;

interface RunningLab {
  readonly child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream };
  /** Resolves to the first line of standard output, from now on, that this matches. */
  readonly line: (pattern: RegExp) => Promise<string>;
}

function startLab(t: TestContext, args: readonly string[]): RunningLab {
  const child = spawn(process.execPath, [CLI_FILE, 'lab', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const seen: string[] = [];
  lines.on('line', (line) => seen.push(line));
  return {
    child,
    line: (pattern) =>
      new Promise((found, failed) => {
        lines.on('line', (line) => pattern.test(line) && found(line));
        lines.once('close', () => failed(new Error(`ended without ${String(pattern)}:\n${seen.join('\n')}`)));
      }),
  };
}

function portsOf(flags: Record<string, string>) {
  const config = loadConfig(labSpec, { flags, env: {}, file: undefined });
  return allProcesses(planLab(config)).flatMap(({ places }) => places);
}

/** A base port from which all ports of the largest lab of these tests are free. */
async function freeBasePort(): Promise<number> {
  for (let base = 12_000 + (process.pid % 20) * 500; base < 32_000; base += 500) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- the first that is free
      await checkPorts(portsOf({ 'base-port': String(base), racks: '4' }));
      return base;
    } catch (error) {
      if (!(error instanceof PortsError)) throw error;
    }
  }
  throw new Error('no range of ports is free');
}

/** Every role of a lab listens: while one of its processes lives, a port is taken. */
async function assertNoneListens(flags: Record<string, string>): Promise<void> {
  await assert.doesNotReject(checkPorts(portsOf(flags)), 'a process of the lab is left');
}

const basePort = String(await freeBasePort());
const taker = createServer();
after(() => taker.close());

test(
  '32 servers are healthy after 20 s, the tree is printed, and no process is left',
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { child } = startLab(t, ['--json', '--duration', '20s', '--base-port', basePort]);
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [exitCode] = await ended;

    assert.equal(exitCode, 0, stderr);
    const tree = v.parse(DatacenterHealthSchema, JSON.parse(stdout));
    assert.deepEqual(
      tree.racks.map(({ rack_id: id, servers }) => [id, servers.map((server) => server.server_id)]),
      [0, 1, 2, 3].map((id) => [id, [0, 1, 2, 3, 4, 5, 6, 7]]),
    );
    for (const server of tree.racks.flatMap(({ servers }) => servers)) {
      assert.equal(server.status, 'healthy', JSON.stringify(server));
      assert.ok(server.spectral_error !== null && server.spectral_error <= 0.02, JSON.stringify(server));
      assert.equal(server.name, `r${server.rack_id}-s${server.server_id}`);
    }
    assert.match(stderr, /starting 4 racks/);
    await assertNoneListens({ 'base-port': basePort });
  },
);

test('a killed agent silences its rack; SIGINT ends everything', { timeout: TIMEOUT_MS }, async (t) => {
  const flags = { racks: '2', servers: '2', 'base-port': basePort };
  const args = ['--racks', '2', '--servers', '2', '--base-port', basePort, '--restart-after', '0s'];
  const { child, line } = startLab(t, args);
  const hint = line(/silences rack 1/);
  const healthy = line(/rack 1, all 2 servers: warming → healthy/);
  const pid = Number(/kill -9 (\d+)/.exec(await hint)?.[1]);
  await healthy;

  const told = line(/agent-1 ended/);
  const silent = line(/rack 1, all 2 servers: healthy → silent/);
  process.kill(pid, 'SIGKILL');
  assert.match(await told, /^\d\d:\d\d:\d\d agent-1 ended unexpectedly \(killed by SIGKILL\); it stays down$/);
  await silent;

  const lastLine = line(/the lab has ended/);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
  await lastLine;
  await assertNoneListens(flags);
});

test('the processes of a lab that is killed end by themselves', { timeout: TIMEOUT_MS }, async (t) => {
  const flags = { racks: '1', servers: '1', 'base-port': basePort };
  const { child, line } = startLab(t, ['--racks', '1', '--servers', '1', '--base-port', basePort]);
  await line(/^pids/);
  await assert.rejects(checkPorts(portsOf(flags)), PortsError, 'everything listens');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- until they are gone, or the test is out of time
      await checkPorts(portsOf(flags));
      break;
    } catch (error) {
      if (!(error instanceof PortsError)) throw error;
    }
  }
});

test('a taken port is named before anything is started', { timeout: TIMEOUT_MS }, async (t) => {
  const port = Number(basePort) + 201;
  taker.listen(port, '127.0.0.1');
  await once(taker, 'listening');
  const { child } = startLab(t, ['--base-port', basePort]);
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.deepEqual(await ended, [1, null]);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    new RegExp(`metrics and spectra of rack-1 on 127\\.0\\.0\\.1:${port} \\(tcp\\): the port is taken`),
  );
  assert.match(stderr, /--base-port/);
});
