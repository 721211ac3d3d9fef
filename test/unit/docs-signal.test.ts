import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillTables, renderSignalDocs, staleFiles } from '../../scripts/signal-pictures.ts';

const files = await renderSignalDocs();

test('docs/signal.md and its pictures are current: if this fails, run npm run docs:pictures', async () => {
  assert.deepEqual(await staleFiles(files), []);
});

test('a file that is missing or differs is stale', async () => {
  const wanted = new Map([
    ['signal.md', 'something else'],
    ['images/no-such-picture.svg', ''],
  ]);
  assert.deepEqual(await staleFiles(wanted), [...wanted.keys()]);
});

test('every picture is shown on the page, is small, and holds only numbers that are numbers', () => {
  const page = files.get('signal.md') ?? '';
  for (const [path, content] of files) {
    if (!path.endsWith('.svg')) continue;
    assert.ok(page.includes(`](${path})`), `${path} is not on the page`);
    assert.ok(content.length <= 60 * 1024, `${path} has ${content.length} bytes`);
    assert.doesNotMatch(content, /NaN|Infinity|undefined/, path);
  }
});

test('measured errors lie where the theory of the page says', () => {
  const table = files.get('signal.md') ?? '';
  for (const p of [0.01, 0.05, 0.2, 0.5]) {
    const row = table.split('\n').find((line) => line.startsWith(`| random loss, p = ${p} `)) ?? '';
    const errors = row.split('|').slice(3, 7).map(Number);
    assert.equal(errors.length, 4);
    for (const error of errors) assert.ok(Math.abs(error - p) <= 0.015, `${error} for a loss of ${p}`);
  }
});

test('a table replaces what its markers held; a page without them is refused', () => {
  const tables = { one: () => '| new |' };
  const page = 'before\n\n<!-- one:begin -->\n\n| old |\n\n<!-- one:end -->\n\nafter\n';
  assert.equal(fillTables(page, tables), page.replace('old', 'new'));
  assert.throws(() => fillTables('before\nafter\n', tables), /lacks "<!-- one:begin -->"/);
});
