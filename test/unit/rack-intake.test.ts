import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RejectionReason } from '../../src/rack/rejections.ts';
import { DATAGRAM_REJECTIONS } from '../../src/metrics/rejections.ts';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { encodeJsonSample } from '../../src/wire/json-datagram.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';
import { FakeRack, START_SECONDS, toneSample } from '../support/fake-rack.ts';
import { ANNOUNCEMENT, KEY } from '../support/wire-values.ts';

const OTHER_KEY = Buffer.alloc(32, 7);
const good = encodeSample(toneSample(0), null);

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

/** Every reason that was counted, with its count. */
function counted(rack: FakeRack): Partial<Record<RejectionReason, number>> {
  const all = DATAGRAM_REJECTIONS.map((reason) => [reason, rack.rejected(reason)] as const);
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

const withoutKey: [RejectionReason, Buffer][] = [
  ['too-short', Buffer.alloc(0)],
  ['too-short', good.subarray(0, 15)],
  ['bad-magic', changed(good, 0, 0)],
  ['bad-version', changed(good, 2, 2)],
  ['bad-type', changed(good, 3, 5)],
  ['bad-length', good.subarray(0, 31)],
  ['bad-length', Buffer.concat([good, Buffer.alloc(1)])],
  ['bad-json', Buffer.from('{"rack_id":0,')],
  ['bad-json', Buffer.from('{"rack_id":0,"server_id":70000,"seq":1,"sent_ts":1800000000,"wave_sample":0}')],
  ['bad-announcement', changed(encodeAnnouncement(ANNOUNCEMENT, null), 16, 0)],
  ['too-long', Buffer.concat([Buffer.from('{'), Buffer.alloc(600, 0x20)])],
  ['too-long', Buffer.alloc(1500)],
  ['not-finite', Buffer.concat([good.subarray(0, 24), Buffer.from('7fc00000', 'hex'), good.subarray(28)])],
  ['out-of-range', Buffer.concat([good.subarray(0, 16), Buffer.alloc(8), good.subarray(24)])],
  ['unexpected-tag', encodeSample(toneSample(0), KEY)],
  ['wrong-rack', encodeSample(toneSample(0, { rackId: 1 }), null)],
  ['wrong-rack', encodeJsonSample(toneSample(0, { rackId: 1 }))],
  ['wrong-rack', encodeAnnouncement({ ...ANNOUNCEMENT, rackId: 1 }, null)],
  ['no-tone', encodeSample(toneSample(160), null)],
  ['no-tone', encodeAnnouncement({ ...ANNOUNCEMENT, rackId: 0, serverId: 400 }, null)],
];

for (const [n, [reason, bytes]] of withoutKey.entries()) {
  test(`without a key, datagram ${n} is counted as ${reason} and nothing else`, () => {
    const rack = new FakeRack();
    rack.receive(bytes);
    rack.tick();
    assert.deepEqual([counted(rack), rack.listening.servers.size], [{ [reason]: 1 }, 0]);
  });
}

const withKey: [RejectionReason, Buffer][] = [
  ['unauthenticated', good],
  ['unauthenticated', encodeJsonSample(toneSample(0))],
  ['unauthenticated', encodeAnnouncement({ ...ANNOUNCEMENT, rackId: 0 }, null)],
  ['bad-tag', encodeSample(toneSample(0), OTHER_KEY)],
  ['bad-tag', changed(encodeSample(toneSample(0), KEY), 7, 1)],
  ['wrong-rack', encodeSample(toneSample(0, { rackId: 1 }), KEY)],
  ['stale', encodeSample(toneSample(0, { sentSeconds: START_SECONDS - 301 }), KEY)],
  ['stale', encodeSample(toneSample(0, { sentSeconds: START_SECONDS + 301 }), KEY)],
];

for (const [n, [reason, bytes]] of withKey.entries()) {
  test(`with a key, datagram ${n} is counted as ${reason} and nothing else`, () => {
    const rack = new FakeRack({ key: KEY });
    rack.receive(bytes);
    rack.tick();
    assert.deepEqual([counted(rack), rack.listening.servers.size], [{ [reason]: 1 }, 0]);
  });
}

test('without a key, a clock that is off by hours is no reason to turn a server away', () => {
  const rack = new FakeRack();
  rack.receive(encodeSample(toneSample(0, { sentSeconds: START_SECONDS - 7200 }), null));
  rack.tick();
  assert.deepEqual([counted(rack), rack.listening.servers.size], [{}, 1]);
});

test('servers beyond the expected ones, and beyond the most, are counted', () => {
  const rack = new FakeRack({ config: { expectedServerIds: [0] } });
  rack.sing([0, 1], 1);
  assert.deepEqual(counted(rack), { 'unexpected-server': 20 });
  const small = new FakeRack({ config: { maxServers: 2 } });
  small.sing([0, 1, 2], 1);
  assert.deepEqual(counted(small), { 'too-many-servers': 20 });
});

test('what an analysis that fell behind could not take is counted', () => {
  const rack = new FakeRack({ ringBytes: 1024 });
  rack.sing([0], 2);
  for (let i = 0; i < 50; i++) rack.receive(good);
  rack.tick();
  rack.tick();
  assert.deepEqual(counted(rack), { 'ring-full': 50 - Math.floor(1024 / 48) });
});

test('a sample heard adds to the latency histogram, a duplicate does not', () => {
  const rack = new FakeRack();
  rack.receive(good);
  rack.receive(good);
  rack.tick();
  const held = rack.listening.servers.get(0);
  assert.deepEqual([held?.latency.count, held?.stream.counts.duplicate], [1, 1]);
});

test('with a key, a captured stream is refused: of an earlier boot, and of this one', () => {
  const rack = new FakeRack({ key: KEY });
  const captured: Buffer[] = [];
  for (let k = 0; k < 200; k++) captured.push(rack.datagram(0, k, { bootId: 1 }));
  const own = Array.from({ length: 600 }, (_, k) => rack.datagram(0, k, { bootId: 2 }));
  rack.sing([0], 10, { bootId: 1 });
  rack.wait(2);
  rack.sing([0], 30, { bootId: 2 });
  const before = rack.verdict(0);
  for (const bytes of captured) rack.receive(bytes);
  rack.tick();
  assert.deepEqual(counted(rack), { replay: 200 });
  const countsBefore = { ...rack.listening.servers.get(0)?.stream.counts };
  // Samples 240 to 599 were sent by this boot: the newest 256 slots are known, and older ones are refused.
  for (const bytes of own.slice(240)) rack.receive(bytes);
  rack.tick();
  const counts = rack.listening.servers.get(0)?.stream.counts;
  assert.deepEqual([counts?.received, counts?.lost], [countsBefore.received, countsBefore.lost]);
  assert.equal((counts?.duplicate ?? 0) + rack.rejected('replay') - 200, 360);
  rack.sing([0], 2, { bootId: 2 });
  assert.deepEqual([rack.verdict(0)?.status, rack.verdict(0)?.faults], ['healthy', []]);
  assert.ok(Math.abs((rack.verdict(0)?.spectral_error ?? 1) - (before?.spectral_error ?? 0)) < 0.002);
});

test('with a key, forgetting a server opens no door to what it once sent', () => {
  const rack = new FakeRack({ key: KEY, config: { forgetAfterSeconds: 10 } });
  const captured = Array.from({ length: 200 }, (_, k) => rack.datagram(0, k, { bootId: 1 }));
  rack.sing([0], 10, { bootId: 1 });
  rack.wait(12);
  assert.equal(rack.listening.servers.size, 0);
  for (const bytes of captured) rack.receive(bytes);
  rack.tick();
  assert.deepEqual([rack.listening.servers.size, rack.rejected('replay')], [0, 200]);
  rack.sing([0], 10, { bootId: 2 });
  assert.equal(rack.verdict(0)?.status, 'healthy');
});

test('a captured stream does not wake a server that fell silent', () => {
  const rack = new FakeRack({ key: KEY });
  const captured = Array.from({ length: 200 }, (_, k) => rack.datagram(0, k));
  rack.sing([0], 10);
  rack.wait(2);
  assert.equal(rack.verdict(0)?.status, 'silent');
  for (const bytes of captured) {
    rack.receive(bytes);
    rack.wait(0.05);
  }
  assert.equal(rack.verdict(0)?.status, 'silent');
});

test('a second agent of the same identity is a conflict, and changes no verdict', () => {
  const rack = new FakeRack();
  rack.sing([0], 15.025);
  for (let i = 0; i < 100; i++) {
    rack.receive(rack.datagram(0, rack.nextSample, { bootId: 5, im: 0.3, re: -0.9 }));
    rack.sing([0], 0.05);
  }
  const verdict = rack.verdict(0);
  assert.deepEqual([verdict?.status, verdict?.faults.map(({ kind }) => kind)], ['healthy', ['conflict']]);
  assert.ok((verdict?.spectral_error ?? 1) < 0.002);
  assert.equal(rack.listening.servers.get(0)?.stream.counts.conflict, 100);
});
