import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dryRunLines } from '../../src/chaos/dry-run.ts';
import type { PlannedServer } from '../../src/chaos/target.ts';

function planned(rackId: number, serverId: number, ...commands: readonly string[]): PlannedServer {
  return { server: { rackId, serverId, place: `container server-${rackId}-${serverId}` }, commands };
}

test('what servers have in common at the end is shown once, and then by whose it is', () => {
  const lines = dryRunLines([
    planned(0, 0, 'run a', 'tc add', 'tc change', 'tc del'),
    planned(0, 1, 'run b', 'tc add', 'tc change', 'tc del'),
    planned(1, 0, 'run c', 'tc add', 'tc change', 'tc del'),
  ]);
  assert.deepEqual(lines, [
    '# rack 0 server 0: container server-0-0',
    'run a',
    'tc add',
    'tc change',
    'tc del',
    '# rack 0 server 1: container server-0-1',
    'run b',
    '# then the last 3 lines of rack 0 server 0',
    '# rack 1 server 0: container server-1-0',
    'run c',
    '# then the last 3 lines of rack 0 server 0',
  ]);
});

test('what differs is shown, and so is a single line', () => {
  const lines = dryRunLines([
    planned(0, 0, 'refused'),
    planned(0, 1, 'run a', 'tc add seed 1', 'tc change', 'tc del'),
    planned(0, 2, 'run b', 'tc add seed 2', 'tc change', 'tc del'),
    planned(0, 3, 'refused'),
  ]);
  assert.deepEqual(lines.slice(2), [
    '# rack 0 server 1: container server-0-1',
    'run a',
    'tc add seed 1',
    'tc change',
    'tc del',
    '# rack 0 server 2: container server-0-2',
    'run b',
    'tc add seed 2',
    '# then the last 2 lines of rack 0 server 1',
    '# rack 0 server 3: container server-0-3',
    'refused',
  ]);
});

test('each line is where the comment says: filled in, it is the whole plan', () => {
  const plan = [...Array(5).keys()].map((id) =>
    planned(0, id, `run ${id}`, id % 2 === 0 ? 'tc even' : 'tc odd', 'tc change', 'tc del'),
  );
  const lines = dryRunLines(plan);
  const shown = new Map<string, string[]>();
  let own: string[] = [];
  for (const line of lines) {
    const title = /^# (rack \d+ server \d+): /.exec(line)?.[1];
    const [, count, of = ''] = /^# then the last (\d+) lines of (.*)$/.exec(line) ?? [];
    if (title !== undefined) shown.set(title, (own = []));
    else own.push(...(count === undefined ? [line] : (shown.get(of) ?? []).slice(-Number(count))));
  }
  assert.deepEqual(
    [...shown.values()],
    plan.map(({ commands }) => commands),
  );
  assert.ok(lines.length < plan.length * 5, 'and it is shorter');
});
