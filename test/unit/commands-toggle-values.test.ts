import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParser } from '../../src/commands/parser.ts';

/** What a command line comes to: what was refused, or the flag of the command that would run. */
async function outcomeOf(...args: string[]): Promise<unknown> {
  const outcomes: unknown[] = [];
  const parser = createParser({
    args,
    version: '1.2.3',
    columns: 100,
    act: () => (parsed) => Promise.resolve(void outcomes.push(parsed['open'] ?? parsed['dry-run'])),
    refuse: (message, error) => {
      outcomes.push(message);
      throw error ?? new Error('refused');
    },
  });
  try {
    await parser.parseAsync();
  } catch {
    // What was refused has been noted.
  }
  return outcomes[0];
}

test('a flag that is on or off takes true and false, and refuses any other value in words', async () => {
  assert.equal(await outcomeOf('lab', '--open'), true);
  assert.equal(await outcomeOf('lab', '--open=true'), true);
  assert.equal(await outcomeOf('lab', '--open=false'), false);
  assert.equal(await outcomeOf('lab', '--no-open'), false);
  assert.equal(await outcomeOf('lab', '--racks', '2'), undefined);
  // As false it would have injected.
  assert.equal(
    await outcomeOf('chaos', '--all', '--loss', '5', '--dry-run=yes'),
    '--dry-run: got "yes", allowed: true or false',
  );
  assert.equal(await outcomeOf('chaos', '--all', '--loss', '5', '--dry-run'), true);
  assert.equal(await outcomeOf('lab', '--open=maybe'), '--open: got "maybe", allowed: true or false');
  assert.equal(
    await outcomeOf('lab', '--json=1', '--open='),
    ['--json: got "1", allowed: true or false', '--open: got "", allowed: true or false'].join('\n'),
  );
});
