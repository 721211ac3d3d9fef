import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiCall } from '../../src/kubernetes/api-call.ts';
import { listAll, type ListReader } from '../../src/kubernetes/list-all.ts';

const CALL: ApiCall = {
  verb: 'list',
  resource: 'leases',
  namespace: 'netwatch',
  server: 'https://api:6443',
  login: { files: [], hasContextFlag: false, networkPolicy: null },
  role: '',
};

const keep = (item: number[]): number | null => item[0] ?? null;

/** Answers that the types do not allow, as they come from a wire. */
function answering(answer: unknown): ListReader<number[], number> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- on purpose
  return { readPage: async () => answer as { items: number[][] }, keep };
}

test('of each object what is needed is kept, and nothing of those that do not count', async () => {
  const pages = [
    { items: [[1], []], metadata: { _continue: 'more' } },
    { items: [[2]], metadata: { _continue: '' } },
  ];
  const asked: (string | undefined)[] = [];
  const readPage = async (from: string | undefined) => {
    asked.push(from);
    return pages[asked.length - 1] ?? { items: [] };
  };
  assert.deepEqual(await listAll(CALL, { readPage, keep }), [1, 2]);
  assert.deepEqual(asked, [undefined, 'more']);
});

for (const [what, answer, message] of [
  ['nothing', null, /answered with no list of leases: there are no items in it/],
  ['no items', {}, /answered with no list of leases: there are no items in it/],
  ['items that are no list', { items: 'a lot' }, /answered with no list of leases/],
  ['an item that is null', { items: [[1], null] }, /answered with a list of leases whose item 1 is null/],
] as const) {
  test(`a list with ${what}`, async () => {
    await assert.rejects(listAll(CALL, answering(answer)), { name: 'UserError', message });
  });
}

test('a list without an end is left after a hundred pages', async () => {
  let pages = 0;
  const readPage = async () => {
    pages++;
    return { items: [], metadata: { _continue: `page ${pages}` } };
  };
  await assert.rejects(listAll(CALL, { readPage, keep }), {
    name: 'UserError',
    message: /asked to list leases in namespace netwatch, it answered 100 pages .* says that another follows/,
  });
  assert.equal(pages, 100);
});
