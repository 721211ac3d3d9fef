import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { startChildren, type Children, type ChildrenOptions } from '../../src/lab/children.ts';

const STAYS = 'setInterval(() => {}, 1000);';
const SAYS_READY = 'process.stderr.write("ready\\n");';

interface Family {
  readonly children: Children;
  readonly lines: readonly string[];
  /** Resolves once a line with this in it came, or if it came already. */
  readonly hears: (text: string) => Promise<void>;
}

/** Children of one line of JavaScript each. */
function family(t: TestContext, options: Partial<ChildrenOptions> = {}): Family {
  const lines: string[] = [];
  const heard = new EventEmitter();
  const children = startChildren({
    command: process.execPath,
    restartAfterSeconds: 0,
    leastLevel: 'warn',
    killAfterMs: 50,
    ...options,
    onLine: (line) => {
      lines.push(line);
      heard.emit('line');
    },
  });
  t.after(() => children.close());
  return {
    children,
    lines,
    async hears(text) {
      // oxlint-disable-next-line no-await-in-loop -- one line after the other
      while (!lines.some((line) => line.includes(text))) await once(heard, 'line');
    },
  };
}

function script(name: string, code: string): { name: string; args: readonly string[] } {
  return { name, args: ['--eval', code] };
}

function pidOf(children: Children, name: string): number {
  return children.states().find((state) => state.name === name)?.pid ?? assert.fail(`${name} does not run`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test(
  'a child that ends while it is being started fails the start, with its last lines',
  { timeout: 90_000 },
  async (t) => {
    const { children, lines } = family(t);
    children.add(
      script('rack-1', `console.error('{"level":"info","msg":"hello"}\\nno such key'); process.exitCode = 3;`),
    );
    await once(children.failed, 'abort');
    assert.equal(
      children.failed.reason.message,
      'rack-1 ended while it was being started (exit code 3); its last lines:\n  rack-1: hello\n  rack-1: no such key',
    );
    assert.deepEqual(lines, [], 'told once, by the error');
  },
);

test('a child that cannot be started at all fails the start', { timeout: 90_000 }, async (t) => {
  const { children } = family(t, { command: '/no/such/command' });
  children.add({ name: 'rack-0', args: [] });
  await once(children.failed, 'abort');
  assert.match(
    children.failed.reason.message,
    /^rack-0 ended while it was being started \(it could not be started: .*ENOENT/,
  );
  assert.equal(children.states()[0]?.pid, null);
});

test(
  'warnings become lines, also those from before the start was over; the rest is left out',
  { timeout: 90_000 },
  async (t) => {
    const { children, lines, hears } = family(t);
    const said = ['{"level":"info","msg":"listening"}', '{"level":"warn","msg":"late","by":2}', 'unfinished'];
    children.add(script('rack-2', `process.stderr.write(${JSON.stringify(said.join('\n'))}); process.disconnect();`));
    children.add(script('agent-2', SAYS_READY + STAYS));
    children.supervise();
    await hears('agent-2: ready');
    await hears('rack-2 ended unexpectedly');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('rack-2')),
      ['rack-2: late (by 2)', 'rack-2: unfinished', 'rack-2 ended unexpectedly (exit code 0); it stays down'],
    );
  },
);

test('a child that dies is told of and started again, and again', { timeout: 90_000 }, async (t) => {
  const { children, lines, hears } = family(t, { restartAfterSeconds: 0.01 });
  children.add(script('agent-0', STAYS));
  children.supervise();
  for (const restart of [1, 2]) {
    const killed = pidOf(children, 'agent-0');
    process.kill(killed, 'SIGKILL');
    // oxlint-disable-next-line no-await-in-loop -- one death after the other
    await hears(`(restart ${restart})`);
    assert.equal(children.states()[0]?.restarts, restart);
    assert.notEqual(pidOf(children, 'agent-0'), killed);
    assert.equal(lines.at(-2), 'agent-0 ended unexpectedly (killed by SIGKILL); it is started again in 0.01 s');
    assert.equal(lines.at(-1), `agent-0 was started again, pid ${pidOf(children, 'agent-0')} (restart ${restart})`);
  }
});

test(
  'closing ends all of them, also one that ignores SIGTERM, and tells nothing of it',
  { timeout: 90_000 },
  async (t) => {
    const { children, lines, hears } = family(t);
    children.add(script('stubborn', `process.on('SIGTERM', () => {}); ${SAYS_READY}${STAYS}`));
    children.add(script('obedient', SAYS_READY + STAYS));
    children.supervise();
    await Promise.all([hears('stubborn: ready'), hears('obedient: ready')]);
    const pids = [pidOf(children, 'stubborn'), pidOf(children, 'obedient')];
    const told = lines.length;

    await Promise.all([children.close(), children.close()]);

    assert.deepEqual(pids.map(isAlive), [false, false]);
    assert.deepEqual(
      children.states().map(({ pid }) => pid),
      [null, null],
    );
    assert.equal(lines.length, told);
    assert.throws(() => children.add(script('late', STAYS)), /being closed/);
  },
);

test('what ends by itself once everything is told to end is no crash', { timeout: 90_000 }, async (t) => {
  const end = new AbortController();
  const { children, lines, hears } = family(t, { signal: end.signal, restartAfterSeconds: 0.01 });
  children.add(
    script('rack-0', `process.on('SIGINT', () => { console.error('bye'); process.exit(0); }); ${SAYS_READY}${STAYS}`),
  );
  children.supervise();
  await hears('rack-0: ready');
  end.abort();
  const pid = pidOf(children, 'rack-0');
  process.kill(pid, 'SIGINT');
  await children.close();
  assert.equal(isAlive(pid), false);
  assert.deepEqual(lines, ['rack-0: ready']);
  assert.equal(children.failed.aborted, false);
});

test('one that waits to be started again stays down when it is closed', { timeout: 90_000 }, async (t) => {
  const { children, hears } = family(t, { restartAfterSeconds: 3600 });
  children.add(script('agent-0', 'process.exitCode = 1; process.disconnect();'));
  children.supervise();
  await hears('it is started again in 3600 s');
  await children.close();
  assert.deepEqual(children.states(), [{ name: 'agent-0', pid: null, restarts: 0 }]);
});

test('a child knows when its parent is gone, and gets the environment it is given', { timeout: 90_000 }, async (t) => {
  const { children, hears } = family(t, { env: { PATH: process.env.PATH, GIVEN: 'this' } });
  const code = 'console.error(typeof process.channel, process.env.GIVEN, process.env.HOME);';
  children.add(script('agent-0', code + STAYS));
  children.supervise();
  await hears('agent-0: object this undefined');
});
