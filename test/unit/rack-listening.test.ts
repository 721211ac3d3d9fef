import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { FakeRack, START_SECONDS } from '../support/fake-rack.ts';
import { ANNOUNCEMENT } from '../support/wire-values.ts';

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

function assertNear(actual: number | null | undefined, expected: number, tolerance: number): void {
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
}

describe('a rack that listens', () => {
  test('judges every server each second, and reports it', () => {
    const rack = new FakeRack();
    rack.sing(EIGHT, 20.5);
    assert.deepEqual(
      rack.reports.map(({ sequence }) => sequence),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    for (const [i, report] of rack.reports.entries()) assertNear(report.timestamp, START_SECONDS + i + 1, 0.03);
    const { timestamp: _timestamp, servers = [], ...report } = rack.reports.at(-1) ?? {};
    assert.deepEqual(
      servers.map(({ server_id: id, status }) => [id, status]),
      EIGHT.map((id) => [id, 'healthy']),
    );
    for (const { spectral_error: error } of servers) assertNear(error, 0, 0.002);
    assert.deepEqual(report, {
      type: 'report',
      rack_id: 0,
      health_score: rack.listening.score,
      server_count: 8,
      boot_id: 99,
      sequence: 20,
      interval_seconds: 1,
      version: '1.2.3',
      faults: [],
    });
    assertNear(rack.listening.score, 1, 0.002);
  });

  test('reports though it hears nobody: no score, and no server', () => {
    const rack = new FakeRack();
    rack.wait(2.5);
    assert.deepEqual(
      rack.reports.map(({ health_score: score, server_count: count, servers }) => [score, count, servers]),
      [
        [null, 0, []],
        [null, 0, []],
      ],
    );
  });

  test('reports silence at once, within half a second of the last sample', () => {
    const rack = new FakeRack();
    rack.sing(EIGHT, 20.5);
    const before = rack.reports.length;
    const lastHeard = rack.verdict(3)?.last_heard ?? 0;
    rack.sing([0, 1, 2, 4, 5, 6, 7], 0.55);
    const report = rack.reports.find(({ servers }) => servers?.[3]?.status === 'silent');
    assert.ok(report, 'a report that calls server 3 silent');
    assertNear(report.timestamp, lastHeard + 0.75, 0.3);
    const silence = report.servers?.[3];
    assert.ok(report.timestamp - (silence?.last_heard ?? 0) <= 0.5, 'within half a second');
    assert.equal(silence?.spectral_error, 1);
    assertNear(report.health_score, 7 / 8, 0.002);
    assert.deepEqual(
      rack.reports.slice(before).map(({ servers = [] }) => servers.filter(({ status }) => status === 'silent').length),
      rack.reports.slice(before).map((_, i, all) => (i < all.indexOf(report) - before ? 0 : 1)),
    );
    rack.sing([0, 1, 2, 4, 5, 6, 7], 3);
    const [next, afterNext] = rack.reports.slice(-2).map(({ timestamp }) => timestamp);
    assertNear((afterNext ?? 0) - (next ?? 0), 1, 0.03);
  });

  test('a server that sings again is healthy again, and nothing of its restart is loss', () => {
    const rack = new FakeRack();
    rack.sing([0], 20);
    rack.wait(5);
    assert.equal(rack.verdict(0)?.status, 'silent');
    rack.sing([0], 2, { bootId: 2 });
    assert.equal(rack.verdict(0)?.status, 'warming');
    rack.sing([0], 15, { bootId: 2 });
    assert.equal(rack.verdict(0)?.status, 'healthy');
    assert.equal(rack.listening.servers.get(0)?.stream.counts.lost, 0);
  });

  test('several silences in one moment are one report', () => {
    const rack = new FakeRack();
    rack.sing(EIGHT, 20.1);
    const before = rack.reports.length;
    rack.wait(0.6);
    const [report, ...more] = rack.reports.slice(before);
    assert.equal(more.length, 0);
    assert.ok(report?.servers?.every(({ status }) => status === 'silent'));
    assert.equal(rack.listening.score, 0);
  });
});

describe('a receive thread that has not listened', () => {
  test('never makes silence, however late the analysis looks', () => {
    const rack = new FakeRack();
    rack.sing(EIGHT, 20.5);
    const before = rack.reports.length;
    for (let i = 0; i < 400; i++) {
      rack.elapsedSeconds += 0.025;
      rack.look();
    }
    assert.equal(rack.reports.length, before);
    rack.tick();
    assert.ok(rack.verdicts.every(({ status }) => status === 'silent'));
  });

  test('makes no silence of what it takes late, but says that it was late', () => {
    const rack = new FakeRack();
    rack.sing([0], 20.5);
    const missed = rack.nextSample;
    rack.elapsedSeconds += 1.2;
    rack.look();
    // The pause is over: what the kernel kept is stamped now.
    rack.lag.note(1.2);
    for (let k = missed; k < rack.nextSample; k++) rack.receive(rack.datagram(0, k));
    rack.sing([0], 3);
    assert.deepEqual(
      rack.reports.filter(({ servers = [] }) => servers[0]?.status === 'silent'),
      [],
    );
    assert.deepEqual(
      rack.verdict(0)?.faults.map(({ kind, severity, parameters }) => [kind, severity, parameters.lag_seconds]),
      [['observer', 'info', 1.2]],
    );
    assert.equal(rack.verdict(0)?.loss_ratio, 0);
    rack.sing([0], 14);
    assert.deepEqual(rack.verdict(0)?.faults, [], 'a window later it is over');
  });

  test('nothing is judged before it has begun', () => {
    const rack = new FakeRack();
    rack.elapsedSeconds += 60;
    rack.look();
    assert.deepEqual(rack.reports, []);
  });
});

describe('announcements', () => {
  const announce = (changes: Partial<typeof ANNOUNCEMENT>) =>
    encodeAnnouncement({ ...ANNOUNCEMENT, rackId: 0, serverId: 0, bootId: 1, frequencyHz: 1, ...changes }, null);

  test('name the server, before its first sample and later', () => {
    const rack = new FakeRack();
    rack.receive(announce({ name: 'first' }));
    rack.sing([0], 5);
    assert.equal(rack.verdict(0)?.name, 'first');
    rack.receive(announce({ name: 'second' }));
    rack.sing([0], 2);
    assert.equal(rack.verdict(0)?.name, 'second');
    assert.deepEqual(rack.logged, []);
  });

  test('of another boot change nothing of a server that sings', () => {
    const rack = new FakeRack();
    rack.receive(announce({ name: 'first' }));
    rack.sing([0], 5);
    rack.receive(announce({ name: 'rogue', bootId: 2, frequencyHz: 3 }));
    rack.sing([0], 2);
    assert.equal(rack.verdict(0)?.name, 'first');
    assert.deepEqual(rack.logged, []);
  });

  test('of another tone or rate are told once for each start of the agent', () => {
    const rack = new FakeRack();
    for (let i = 0; i < 5; i++) rack.receive(announce({ frequencyHz: 2 }));
    rack.sing([0], 2);
    assert.equal(rack.logged.length, 1);
    const { serverId, frequencyHz, expectedHz } = JSON.parse(rack.logged[0] ?? '') as Record<string, number>;
    assert.deepEqual([serverId, frequencyHz, expectedHz], [0, 2, 1]);
  });

  test('a flood of made-up ones is not a flood in the log, nor more servers than allowed', () => {
    const rack = new FakeRack({ config: { maxServers: 8 } });
    rack.sing([0], 5);
    for (let i = 0; i < 5000; i++) {
      rack.receive(announce({ serverId: i % 160, bootId: i, frequencyHz: 7 }));
      if (i % 500 === 0) rack.sing([0], 0.5);
    }
    rack.sing([0], 1);
    assert.ok(rack.logged.length <= 8 * 7, `${rack.logged.length} lines in 6 s`);
    assert.ok(rack.listening.servers.size <= 8);
    assert.ok(rack.rejected('too-many-servers') > 4000);
    assert.deepEqual(
      rack.verdicts.map(({ server_id: id, status }) => [id, status]),
      [[0, 'healthy']],
    );
    rack.sing([0], 6);
    assert.equal(rack.listening.servers.size, 1);
  });
});
