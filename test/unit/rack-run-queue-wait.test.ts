import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { RunQueueWait } from '../../src/rack/run-queue-wait.ts';

/** A file in which the test counts in place of the kernel. */
function schedstatFor(context: TestContext): { path: string; count: (text: string) => void } {
  const directory = mkdtempSync(join(tmpdir(), 'netwatch-schedstat-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'schedstat');
  return { path, count: (text) => writeFileSync(path, text) };
}

test('a thread waited for as long as the second number of the kernel has grown since it was last read', (context) => {
  const { path, count } = schedstatFor(context);
  count('123456789 2000000000 17\n');
  const wait = new RunQueueWait(path);
  assert.equal(wait.takeSeconds(), 0, 'what it waited before is nobody’s');
  count('123466789 2004000000 18\n');
  assert.equal(Math.round(wait.takeSeconds() * 1e9), 4_000_000);
  assert.equal(wait.takeSeconds(), 0);
  count('123476789 18446744073709000000 19\n');
  assert.ok(wait.takeSeconds() > 1e10, 'the largest number there can be');
  wait.close();
});

test('of this very thread the kernel counts no more than the time that went by, or nothing', () => {
  const beganMs = performance.now();
  const wait = new RunQueueWait();
  const waited = Array.from({ length: 1000 }, () => wait.takeSeconds());
  const elapsedSeconds = (performance.now() - beganMs) / 1000;
  assert.ok(waited.every((seconds) => seconds >= 0 && seconds < elapsedSeconds + 0.01));
  wait.close();
});

test('where nobody counts, and once it is closed, nothing was waited', (context) => {
  assert.equal(new RunQueueWait(null).takeSeconds(), 0);
  assert.equal(new RunQueueWait('/there/is/no/such/file').takeSeconds(), 0);
  const { path, count } = schedstatFor(context);
  count('1 1 1\n');
  const wait = new RunQueueWait(path);
  wait.close();
  wait.close();
  count('1 1000000000 1\n');
  assert.equal(wait.takeSeconds(), 0);
});
