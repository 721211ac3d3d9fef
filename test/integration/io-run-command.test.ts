import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../src/io/run-command.ts';

const NODE = process.execPath;

test('a command gets its input and gives its output', async () => {
  const echo = 'process.stdin.on("data", (chunk) => process.stdout.write(String(chunk).toUpperCase()))';
  assert.deepEqual(await runCommand([NODE, '-e', echo], { input: 'one\ntwo' }), {
    problem: null,
    code: 0,
    stdout: 'ONE\nTWO',
  });
});

test('what went wrong is what it wrote to stderr, or how it ended', async () => {
  const complain = 'console.log("half"); console.error("no\\n  such thing"); process.exitCode = 7';
  assert.deepEqual(await runCommand([NODE, '-e', complain]), { problem: 'no; such thing', code: 7, stdout: 'half\n' });
  assert.equal((await runCommand([NODE, '-e', 'process.exitCode = 3'])).problem, `${NODE} ended with exit code 3`);
  assert.deepEqual(await runCommand([NODE, '-e', 'process.kill(process.pid, "SIGKILL")']), {
    problem: `${NODE} was killed by SIGKILL`,
    code: null,
    stdout: '',
  });
});

test('a command that is not there is said to be missing', async () => {
  assert.deepEqual(await runCommand(['netwatch-no-such-command', 'x']), {
    problem: 'netwatch-no-such-command is not installed, or not on the PATH',
    code: null,
    stdout: '',
  });
});

test('a command that does not end is ended, by its deadline or by the signal', async () => {
  const forever = [NODE, '-e', 'setInterval(() => {}, 1000)'];
  assert.deepEqual(await runCommand(forever, { timeoutMs: 300 }), {
    problem: `${NODE} was not done within 0.3 s`,
    code: null,
    stdout: '',
  });
  const controller = new AbortController();
  const running = runCommand(forever, { signal: controller.signal });
  const reason = new Error('told to end');
  controller.abort(reason);
  await assert.rejects(running, reason);
  await assert.rejects(runCommand(forever, { signal: controller.signal }), reason);
});

test('what is not read by a command, or comes in unheard amounts, harms nobody', async () => {
  const deaf = await runCommand([NODE, '-e', 'process.stdin.destroy()'], { input: 'x'.repeat(1_000_000) });
  assert.equal(deaf.problem, null);
  const flood = 'setInterval(() => process.stdout.write("x".repeat(1e6)), 0)';
  const flooded = await runCommand([NODE, '-e', flood]);
  assert.equal(flooded.problem, `${NODE} was killed by SIGKILL`);
});
