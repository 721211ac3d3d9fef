import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runNetwatch } from '../support/netwatch-process.ts';

const RACK = ['rack', '--metrics-port', 0];
const DATACENTER = ['datacenter', '--tcp-listen-port', 0, '--api-port', 0, '--metrics-port', 0];

/** Runs a role that cannot start, and gives the one sentence it says of why: its log has nothing but that. */
async function refusal(context: TestContext, ...args: readonly (string | number)[]): Promise<string> {
  const running = runNetwatch(context, ...args, '--log-level', 'fatal');
  // Closed, unlike exited, it has written all.
  await once(running.child, 'close');
  assert.equal(running.child.exitCode, 1);
  assert.equal(running.lines.length, 1, running.lines.join('\n'));
  const { time, msg, ...rest }: Record<string, unknown> = JSON.parse(running.lines[0] ?? '');
  assert.ok(typeof time === 'string' && typeof msg === 'string');
  assert.deepEqual(rest, { level: 'fatal', role: args[0] });
  return msg;
}

test('what the user can mend is one sentence in the log of a role, without a stack', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-fatal-'));
  context.after(() => rm(directory, { recursive: true }));
  const missing = join(directory, 'missing');
  const tls = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
  const taken = createSocket('udp4').bind(0, '127.0.0.1');
  context.after(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address();

  assert.equal(
    await refusal(context, 'agent', '--metrics-port', 0, '--key-file', missing),
    `the key file ${missing} cannot be used: ENOENT: no such file or directory`,
  );
  assert.equal(
    await refusal(context, ...RACK, '--key-file', directory),
    `the key file ${directory} cannot be used: EISDIR: illegal operation on a directory`,
  );
  assert.match(
    await refusal(context, ...RACK, '--udp-listen-host', '127.0.0.1', '--udp-listen-port', port),
    new RegExp(`^cannot listen for samples .* on 127\\.0\\.0\\.1:${port} \\(udp\\): the port is taken$`),
  );
  assert.match(
    await refusal(context, ...DATACENTER, '--tls-cert-file', tls('server.pem'), '--tls-key-file', tls('client.key')),
    /^--tls-cert-file, --tls-key-file: \S+server\.pem and \S+client\.key cannot be used together: .*mismatch$/,
  );
  assert.equal(
    await refusal(context, ...DATACENTER, '--control-token-file', missing),
    `the token file ${missing} cannot be used: ENOENT: no such file or directory`,
  );
});
