import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParser } from '../../src/commands/parser.ts';

/** What is said when a command line is refused. */
async function refusalOf(...args: string[]): Promise<string | null> {
  let said: string | null = 'accepted';
  const parser = createParser({
    args,
    version: '1.2.3',
    columns: 100,
    act: () => () => Promise.resolve(),
    refuse: (message, error) => {
      said = message;
      throw error ?? new Error('refused');
    },
  });
  try {
    await parser.parseAsync();
  } catch {
    // What was refused has been noted.
  }
  return said;
}

test('a flag without its value says that there is none, and what is allowed, with an example', async () => {
  const severity = /^--severity: got no value, allowed: KIND=WARNING\/CRITICAL like loss=0\.01\/0\.2 .* kinds: loss, /;
  for (const args of [
    ['rack', '--severity'],
    ['rack', '--severity='],
    ['rack', '--severity', '--rack-id', '3'],
    ['lab', '--racks', '2', '--severity'],
    ['config', 'check', 'rack', '--severity'],
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are listed
    assert.match((await refusalOf(...args)) ?? '', severity, args.join(' '));
  }
});

test('it is what the flag of this command allows', async () => {
  assert.equal(await refusalOf('lab', '--racks'), '--racks: got no value, allowed: a whole number from 1 to 64');
  assert.equal(
    await refusalOf('analyze', 'capture.ndjson', '--window'),
    '--window: got no value, allowed: a power of two from 64 to 4096',
  );
  assert.match((await refusalOf('chaos', '--loss')) ?? '', /^--loss: got no value, allowed: /);
  assert.equal(
    await refusalOf('chaos', 'run', 'a.yaml', '--speed'),
    '--speed: got no value, allowed: a number from 0.1 to 100',
  );
  assert.equal(await refusalOf('status', '--url'), '--url: got no value: one has to follow it');
  assert.equal(await refusalOf('rack', '--config'), '--config: got no value: one has to follow it');
});

test('what is complete is not refused', async () => {
  assert.equal(await refusalOf('rack', '--severity', 'loss=0.1/0.2'), 'accepted');
});
