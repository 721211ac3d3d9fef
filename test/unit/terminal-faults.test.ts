import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderHealth } from '../../src/terminal/health-table.ts';
import { DRIFTING, faultOf, FAULTY_TREE, LATE_RACK, LATE_WITH_RACK } from '../support/faulty-tree.ts';
import { LOSSY, NOW_SECONDS, SILENT, treeOf } from '../support/health-trees.ts';

process.env['TZ'] = 'UTC';

const plain = { color: false, now: NOW_SECONDS };

describe('faults', () => {
  const lines = (columns: number, tree = FAULTY_TREE): string[] =>
    renderHealth(tree, { columns, rows: Infinity, ...plain }).filter((line) => / rack \d.*:/.test(line));

  test('are told with their figures, since when and how likely they are chance, the worst first', () => {
    assert.deepEqual(lines(160), [
      '■ rack 3 server 5 (db-17): loss 20 %, since 22:13:08 (12 s), every 5.0 s, 20 ms of delay for 300 ms (5 min), error 0.2, heard 0.1 s ago',
      '▲ rack 2 server 4: every 5.0 s, 20 ms of delay for 300 ms, since 22:08:20 (5 min), p = 1e−9, error 0.00014, heard 0.1 s ago',
      '· rack 2: delay +5.0 ms on 4 of 8 servers, since 22:08:20 (5 min), the rack or its link, servers 0, 2, 4, 6',
      '· rack 0 server 1: clock drift +20 ppm, since 22:08:20 (5 min), error 0.00028, heard 0.1 s ago',
    ]);
  });

  test('keep since when on 80 columns, in as many words as there is room for', () => {
    assert.deepEqual(lines(80), [
      '■ rack 3 server 5 (db-17): loss 20 %, since 22:13:08 (12 s), error 0.2',
      '▲ rack 2 server 4: every 5.0 s, 20 ms of delay for 300 ms, for 5 min, p = 1e−9',
      '· rack 2: delay +5.0 ms on 4 of 8 servers, since 22:08:20 (5 min)',
      '· rack 0 server 1: clock drift +20 ppm, since 22:08:20 (5 min), error 0.00028',
    ]);
  });

  test('of a rack are one line, silence of its servers too', () => {
    const shape = { racks: 1, servers: 8, change: (_: number, server: number) => (server < 4 ? SILENT : {}) };
    const silence = { ...LATE_RACK, kind: 'silent', severity: 'critical', server_ids: [0, 1, 2, 3] } as const;
    const told = lines(160, treeOf({ ...shape, rackFaults: () => [silence] }));
    assert.deepEqual(told, ['⊘ rack 0: 4 of 8 servers silent (0, 1, 2, 3), last heard 4.2 s ago']);
    const ill = { ...LATE_WITH_RACK, status: 'warning' } as const;
    const late = treeOf({ racks: 1, servers: 8, change: () => ill, rackFaults: () => [LATE_RACK] });
    assert.deepEqual(lines(80, late), ['· rack 0: delay +5.0 ms on 4 of 8 servers, since 22:08:20 (5 min)']);
  });

  test('that make nobody ill come after that all is well', () => {
    const page = renderHealth(treeOf({ racks: 1, servers: 2, change: (_, server) => (server === 1 ? DRIFTING : {}) }), {
      columns: 80,
      rows: 24,
      ...plain,
    });
    const at = page.findIndex((line) => line.startsWith('All 2 servers are healthy; '));
    assert.match(page[at + 1] ?? '', /^· rack 0 server 1: clock drift \+20 ppm, since/);
  });

  test('name a status that they are no reason for', () => {
    const odd = { ...LOSSY, faults: [faultOf('delay-shift', { shift_seconds: -0.005 }, { severity: 'info' })] };
    assert.deepEqual(lines(120, treeOf({ racks: 1, servers: 1, change: () => odd })), [
      '■ rack 0 server 0: delay −5.0 ms, since 22:08:20 (5 min), critical, error 0.2, loss 20 %, heard 0.1 s ago',
    ]);
  });
});

test('what else is known of a server is said beside its fault, and what a group shares is one line', () => {
  const say = (change: Parameters<typeof treeOf>[0]['change']): string =>
    renderHealth(treeOf({ racks: 1, servers: 4, ...(change === undefined ? {} : { change }) }), {
      columns: 160,
      rows: 24,
      ...plain,
    }).join('\n');
  const fault = { since: NOW_SECONDS - 300, severity: 'critical', confidence: 1, parameters: {} } as const;
  const jittery = {
    status: 'critical',
    jitter_seconds: 0.031,
    faults: [{ ...fault, kind: 'jitter', parameters: { jitter_seconds: 0.051 } }],
  } as const;
  assert.match(
    say((_, server) => (server === 2 ? jittery : {})),
    /■ rack 0 server 2: jitter 51 ms, since 22:08:20 \(5 min\), error \S+, heard 0\.1 s ago/,
  );
  const shared = { ...LOSSY, faults: [{ ...fault, kind: 'rack-wide' }] } as const;
  assert.match(
    say((_, server) => (server === 3 ? {} : shared)),
    /■ rack 0: 3 of 4 servers impaired at once, the rack or its link, worst error 0\.2\n/,
  );
  assert.match(
    say((_, server) => (server === 3 ? {} : SILENT)),
    /⊘ rack 0: 3 of 4 servers silent \(0, 1, 2\), last heard 4\.2 s ago/,
  );
  assert.match(
    say((_, server) => (server === 3 ? { ...SILENT, last_heard: null } : {})),
    /⊘ rack 0 server 3: silent, never heard/,
  );
});
