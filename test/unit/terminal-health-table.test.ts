import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { DatacenterHealth } from '../../src/core/verdict.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { displayWidth } from '../../src/terminal/display-width.ts';
import { renderHealth } from '../../src/terminal/health-table.ts';
import { injectionId, noticeOf } from '../support/chaos-notices.ts';
import { LOSSY, NOW_SECONDS, OBSERVED, SILENT, treeOf, WARMING } from '../support/health-trees.ts';
import { FAULTY_TREE } from '../support/faulty-tree.ts';

process.env['TZ'] = 'UTC';

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 100, rows: 30 },
  { columns: 160, rows: 50 },
];

const named = (serverId: number) => ({ name: `db-${serverId + 10}` });

const TREES: Readonly<Record<string, DatacenterHealth>> = {
  healthy: treeOf({ racks: 4, servers: 8 }),
  'silent-rack': treeOf({ racks: 4, servers: 8, silentRack: 2 }),
  lossy: treeOf({
    racks: 4,
    servers: 8,
    change: (rack, server) => ({ ...named(server), ...(rack === 2 && server === 5 ? LOSSY : {}) }),
  }),
  mixed: treeOf({
    racks: 4,
    servers: 8,
    change: (rack, server) => {
      if (rack === 1) return SILENT;
      if (rack === 3 && server < 2) return WARMING;
      if (rack === 3 && server === 6) return { status: 'warning', spectral_error: 0.31, delay_seconds: 0.12 };
      return rack === 2 && server === 5 ? LOSSY : {};
    },
  }),
  observed: treeOf({ racks: 4, servers: 8, change: (rack) => (rack === 1 ? OBSERVED : {}) }),
  deep: treeOf({ racks: 4, servers: 14 }),
  huge: treeOf({
    racks: 40,
    servers: 100,
    change: (rack, server) => (rack === 8 ? SILENT : rack === 7 && server % 10 === 3 ? LOSSY : {}),
  }),
  faults: FAULTY_TREE,
  empty: treeOf({ racks: 0, servers: 0 }),
  unheard: treeOf({ racks: 2, servers: 0 }),
};

const CHAOS = [
  noticeOf({ scope: 'rack 2 server 5', kinds: ['loss'], description: 'loss 20 %' }),
  noticeOf({
    id: injectionId(2),
    scope: '10 servers of 2 racks',
    description:
      'delay 200 ms ± 20 ms normal, loss gemodel p 1 % r 10 % 1-h 70 % 1-k 0.1 %, duplicate 1 %, rate 1 Mbit/s',
    until: null,
  }),
  noticeOf({ id: injectionId(3), scope: 'racks 0-3', until: NOW_SECONDS + 3600 }),
  noticeOf({ id: injectionId(4), scope: 'rack 3', until: NOW_SECONDS + 4 }),
];

const plain = { color: false, now: NOW_SECONDS };

/** The table in every size. */
function tables(tree: DatacenterHealth, injections: readonly ChaosNotice[]): string {
  return SIZES.map((size) => {
    const ruler = `${'─'.repeat(size.columns - 8)} ${size.columns}×${size.rows}`;
    return `${ruler}\n${renderHealth(tree, { ...size, ...plain, injections }).join('\n')}\n`;
  }).join('\n');
}

// NETWATCH_UPDATE_GOLDEN=1 writes the golden files anew; look at them before committing.
async function assertGolden(text: string, name: string): Promise<void> {
  const url = new URL(`../golden/terminal-${name}.txt`, import.meta.url);
  if (process.env['NETWATCH_UPDATE_GOLDEN'] === '1') await writeFile(url, text);
  assert.equal(text, await readFile(url, 'utf8'));
}

describe('the table looks as it did', () => {
  for (const [name, tree] of Object.entries(TREES)) {
    test(name, async () => assertGolden(tables(tree, []), name));
  }
  test('chaos', async () => {
    const { mixed, lossy } = TREES;
    assert.ok(mixed && lossy);
    await assertGolden([tables(lossy, CHAOS.slice(0, 1)), tables(mixed, CHAOS)].join('\n'), 'chaos');
  });
});

test('where there is room without end, every finding is said', () => {
  const tree = treeOf({ racks: 4, servers: 8, change: (_rack, server) => (server % 4 === 1 ? LOSSY : {}) });
  const text = renderHealth(tree, { columns: 100, rows: Infinity, color: false, now: NOW_SECONDS }).join('\n');
  assert.equal(text.match(/: .*loss/g)?.length, 8, text);
  assert.doesNotMatch(text, /more$/m);
});

test('no line is wider than the terminal and there are never more lines than it has', () => {
  for (const tree of Object.values(TREES)) {
    for (let columns = 1; columns <= 200; columns += columns < 60 ? 3 : 29) {
      for (const rows of [1, 2, 4, 9, 24, 60]) {
        const notice = 'controller lost, next try in 2 s';
        const lines = renderHealth(tree, { columns, rows, ...plain, notice, injections: CHAOS });
        assert.ok(lines.length <= rows, `${lines.length} lines at ${columns}×${rows}`);
        const widest = Math.max(...lines.map(displayWidth));
        assert.ok(widest <= columns, `${widest} columns at ${columns}×${rows}`);
      }
    }
  }
});

test('colour changes nothing but colour, and every status has its own shape', () => {
  for (const tree of Object.values(TREES)) {
    const size = { columns: 100, rows: 30, now: NOW_SECONDS, injections: CHAOS };
    const coloured = renderHealth(tree, { ...size, color: true });
    assert.ok(coloured.join('').includes('\u001B['));
    assert.deepEqual(coloured.map(stripVTControlCharacters), renderHealth(tree, { ...size, color: false }));
  }
  const text = renderHealth(treeOf({ racks: 1, servers: 1 }), {
    columns: 80,
    rows: 24,
    color: true,
    now: NOW_SECONDS,
  }).join('');
  assert.ok(text.includes('\u001B[38;5;37m●'), 'healthy is teal');
});

test('an unlimited page shows every server', () => {
  const lines = renderHealth(treeOf({ racks: 3, servers: 200 }), { columns: 100, rows: Infinity, ...plain });
  assert.equal(lines.join('\n').match(/● +\d+ +0\.\d/g)?.length, 600);
});

test('ids are never cut', () => {
  const tree = treeOf({ racks: 4, servers: 14 });
  const racks = tree.racks.map((rack) => ({
    ...rack,
    servers: rack.servers.map((verdict, index) => ({ ...verdict, server_id: 65_522 + index })),
  }));
  const text = renderHealth({ ...tree, racks }, { columns: 80, rows: 24, ...plain }).join('\n');
  for (const id of [65_522, 65_535]) assert.equal(text.split(`● ${id} `).length - 1, 4);
});

test('the worst comes first, and what does not fit is counted', () => {
  const tree = treeOf({
    racks: 2,
    servers: 10,
    change: (rack, server) => ({ ...LOSSY, spectral_error: 0.5 + rack * 0.2 + server * 0.01 }),
  });
  const lines = renderHealth(tree, { columns: 100, rows: 40, ...plain });
  const first = lines.findIndex((line) =>
    line.includes('rack 1 server 9: loss 20 %, since 22:13:08 (12 s), error 0.79'),
  );
  assert.ok(first > 0);
  assert.match(
    lines[first + 1] ?? '',
    /rack 1 server 8: loss 20 %, since 22:13:08 \(12 s\), error 0\.78, heard 0\.1 s ago/,
  );
  assert.equal(lines[first + 4], '… and 16 more');
});

describe('a controller that was late itself', () => {
  const doubts = (shape: Parameters<typeof treeOf>[0], columns = 160): string[] =>
    renderHealth(treeOf(shape), { columns, rows: Infinity, ...plain }).filter((line) => line.includes('observer'));

  test('is said of its rack, with what does not make its servers ill', () => {
    const shape = { racks: 2, servers: 8, change: (rack: number) => (rack === 0 ? OBSERVED : {}) };
    const page = renderHealth(treeOf(shape), { columns: 160, rows: 24, ...plain });
    const at = page.findIndex((line) => line.startsWith('All 16 servers are healthy; '));
    assert.equal(
      page[at + 1],
      '· rack 0: its controller was late itself (observer) on 8 of 8 servers, by 180 ms, small errors and jitter may be of that',
    );
    assert.deepEqual(doubts(shape, 80), [
      '· rack 0: its controller was late itself (observer) on 8 of 8 servers, by 180 ms',
    ]);
    const one = doubts({ ...shape, change: (rack, server) => (rack + server === 0 ? OBSERVED : {}) });
    assert.match(one.join('\n'), /^· rack 0: .* on 1 of 8 servers, by/);
  });

  test('is one line for each of two racks, and one for all of more', () => {
    const shape = { servers: 8, change: () => OBSERVED };
    assert.equal(doubts({ ...shape, racks: 2 }).length, 2);
    const [four = '', ...others] = doubts({ ...shape, racks: 4 });
    assert.deepEqual(others, []);
    assert.match(four, /^· racks 0, 1, 2, 3: controllers late themselves \(observer\) on 32 of 32 servers, by/);
    assert.match(doubts({ ...shape, racks: 4 }, 80).join('\n'), / on 32 of 32 servers$/);
    const [forty = '', ...more] = doubts({ ...shape, racks: 40 });
    assert.deepEqual(more, []);
    assert.match(forty, /^· 40 racks: controllers .* on 320 of 320 servers, by/);
  });

  test('is said after faults, however many they are, and not of a rack that is silent', () => {
    const ill = { racks: 2, servers: 10, change: () => ({ ...LOSSY, faults: [...LOSSY.faults, ...OBSERVED.faults] }) };
    const page = renderHealth(treeOf(ill), { columns: 100, rows: 40, ...plain });
    const at = page.indexOf('… and 18 more');
    assert.ok(at > 0, page.join('\n'));
    assert.match(page.slice(at + 1, at + 3).join('\n'), /^· rack 0: .*\n· rack 1: /);
    assert.deepEqual(
      doubts({ racks: 2, servers: 8, silentRack: 0, change: (rack) => (rack === 0 ? OBSERVED : {}) }),
      [],
    );
  });
});

describe('what is broken on purpose', () => {
  const under = (injections: readonly ChaosNotice[], size: { columns: number; rows: number }): string[] =>
    renderHealth(treeOf({ racks: 1, servers: 1 }), { ...size, ...plain, injections }).filter((line) =>
      line.startsWith('chaos: '),
    );

  test('is said under the header, with what is left of it', () => {
    const [header = '', first] = renderHealth(treeOf({ racks: 1, servers: 1 }), {
      columns: 80,
      rows: 24,
      ...plain,
      injections: [noticeOf()],
    });
    assert.match(header, /^NetWatch/);
    assert.equal(first, 'chaos: delay 200 ms, loss 20 % on rack 0, 48 s left');
    assert.deepEqual(under([noticeOf({ until: null })], { columns: 80, rows: 24 }), [
      'chaos: delay 200 ms, loss 20 % on rack 0, until cleared',
    ]);
  });

  test('is at most three lines, one where rows are few, and the rest is counted', () => {
    const large = under(CHAOS, { columns: 100, rows: 30 });
    assert.equal(large.length, 3);
    assert.match(large[2] ?? '', /on racks 0-3, 60 min left, and 1 more$/);
    assert.match(large[1] ?? '', /^chaos: delay 200 ms ± 20 ms normal, .*… on 10 servers of 2 racks, until cleared$/);
    assert.deepEqual(under(CHAOS, { columns: 80, rows: 24 }), [
      'chaos: loss 20 % on rack 2 server 5, 48 s left, and 3 more',
    ]);
  });

  test('costs the racks none of their detail on 80 × 24', () => {
    const { mixed } = TREES;
    assert.ok(mixed);
    const serversIn = (injections: readonly ChaosNotice[]): number | undefined =>
      renderHealth(mixed, { columns: 80, rows: 24, ...plain, injections })
        .join('\n')
        .match(/[●▲■⊘◌] \d /g)?.length;
    assert.equal(serversIn([]), 32);
    assert.equal(serversIn(CHAOS), 32);
  });

  test('is not shown once its time is over, and cannot steer the terminal', () => {
    assert.deepEqual(under([noticeOf({ until: NOW_SECONDS })], { columns: 80, rows: 24 }), []);
    const evil = noticeOf({ scope: 'rack\u001B[2J 0', description: 'loss\n20\u202E %' });
    assert.deepEqual(under([evil], { columns: 80, rows: 24 }), ['chaos: loss20 % on rack[2J 0, 48 s left']);
  });
});

test('a name cannot steer the terminal', () => {
  const name = 'evil\u001B[2J\u202Ename\n';
  const tree = treeOf({ racks: 1, servers: 1, change: () => ({ ...LOSSY, name }) });
  const text = renderHealth(tree, { columns: 100, rows: 24, ...plain }).join('\n');
  assert.ok(text.includes('(evil[2Jname)'));
  assert.ok(!text.includes('\u001B') && !text.includes('\u202E'));
});

test('wide characters keep their columns', () => {
  const tree = treeOf({
    racks: 1,
    servers: 2,
    change: (_, server) => ({ name: server === 0 ? '数据库' : 'database' }),
  });
  const [, , , first = '', second = ''] = renderHealth(tree, { columns: 80, rows: 24, ...plain });
  const before = (line: string): number => displayWidth(line.slice(0, line.indexOf('0.0')));
  assert.ok(first.includes('数据库'));
  assert.equal(before(first), before(second));
});

test('old data is said to be old', () => {
  const [header = ''] = renderHealth(treeOf({ racks: 1, servers: 1 }), {
    columns: 100,
    rows: 24,
    color: false,
    now: NOW_SECONDS + 90,
  });
  assert.match(header, /data of 22:13:19, 90 s old$/);
});
