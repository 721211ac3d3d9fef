import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { encodeJsonSample } from '../../src/wire/json-datagram.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';
import { toneSample } from '../support/fake-rack.ts';
import { flood, startTap } from '../support/flood.ts';
import { seededRandom } from '../support/random.ts';
import { isWell, type RunningRack, singTo, startRackProcess, verdictIn } from '../support/running-rack.ts';
import { waitUntil } from '../support/wait-until.ts';
import { ANNOUNCEMENT, KEY } from '../support/wire-values.ts';

const ABUSE_DEADLINE_MS = 300_000;
const MAX_GROWTH_BYTES = 64 * 2 ** 20;
const LEGITIMATE = 3;

/** Does something to a rack while a legitimate server sings, and holds the rack to its promises meanwhile and after. */
async function abuse(rack: RunningRack, deed: () => Promise<void>): Promise<void> {
  const residentBytes = async () => (await rack.metrics()).value('process_resident_memory_bytes') ?? 0;
  const before = await residentBytes();
  const from = rack.datacenter.reports.length;
  await deed();
  const end = Date.now() / 1000;
  await rack.report('the abuse is over', ({ timestamp }) => timestamp > end);

  const reports = rack.datacenter.reports.slice(from);
  for (const report of reports) {
    const verdict = verdictIn(report, LEGITIMATE);
    assert.equal(verdict?.status, 'healthy', JSON.stringify(verdict));
    // What the machine did to the rack itself is no proof against it, if it says so.
    const isObserved = verdict?.faults.some(({ kind }) => kind === 'observer') ?? false;
    assert.ok(isObserved || isWell(verdict), JSON.stringify(verdict));
    assert.ok(isObserved || (report.health_score ?? 0) >= 0.98, `score ${report.health_score}`);
  }
  await rack.report('the server is heard well', (report) => isWell(verdictIn(report, LEGITIMATE)));
  const growth = (await residentBytes()) - before;
  assert.ok(growth < MAX_GROWTH_BYTES, `${growth} bytes more than before`);
  assert.equal(rack.process.hasExited, false);
}

/** Waits until at least so many datagrams were counted for each reason, and gives what was counted. */
async function rejections(rack: RunningRack, atLeast: Readonly<Record<string, number>>): Promise<Map<string, number>> {
  return waitUntil(`these were counted: ${JSON.stringify(atLeast)}`, async () => {
    const metrics = await rack.metrics();
    const counts = new Map(
      Object.keys(atLeast).map((reason) => [
        reason,
        metrics.value('netwatch_datagrams_rejected_total', { reason }) ?? 0,
      ]),
    );
    return [...counts].every(([reason, count]) => count >= (atLeast[reason] ?? 0)) && counts;
  });
}

async function writeKey(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-rack-'));
  context.after(() => rm(folder, { recursive: true }));
  const name = join(folder, 'key');
  await writeFile(name, KEY.toString('hex'), { mode: 0o600 });
  return name;
}

test(
  '100 000 made-up servers: at most --max-servers are held, all others counted',
  { timeout: ABUSE_DEADLINE_MS },
  async (context) => {
    const rack = await startRackProcess(context, '--max-servers', 8);
    await singTo(context, rack, String(LEGITIMATE));
    let mostStreams = 0;
    const count = 100_000;
    await abuse(rack, async () => {
      let isOver = false;
      const watch = waitUntil('the flood is over', async () => {
        mostStreams = Math.max(mostStreams, (await rack.metrics()).value('netwatch_streams') ?? 0);
        return isOver;
      });
      const datagram = (i: number): Buffer => {
        const sample = toneSample((i * 7919 + 4) % 65_536, { sentSeconds: Date.now() / 1000, bootId: i });
        if (i % 4 === 0)
          return Buffer.from(`{"rack_id":0,"server_id":${i * 1000 + 65_536},"seq":1,"sent_ts":1,"wave_sample":0}`);
        if (i % 4 === 1) return encodeJsonSample({ ...sample, re: null, bootId: null });
        return encodeSample({ ...sample, serverId: i % 4 === 2 ? sample.serverId : 4 + (i % 150) }, null);
      };
      await flood(context, { port: rack.udpPort, count, datagram });
      isOver = true;
      await watch;
    });
    assert.ok(mostStreams > 1 && mostStreams <= 8, `${mostStreams} streams`);
    const wanted = { 'bad-json': count / 4, 'no-tone': count / 2, 'too-many-servers': count / 4 };
    // Nine in ten: the kernel may drop of a flood.
    const counted = await rejections(rack, { 'bad-json': 22_500, 'no-tone': 44_000, 'too-many-servers': 20_000 });
    assert.ok((counted.get('bad-json') ?? 0) <= wanted['bad-json'], 'nothing is counted twice');
    await waitUntil('the strangers are forgotten', async () => (await rack.metrics()).value('netwatch_streams') === 1);
  },
);

test(
  'garbage, wrong versions, wrong racks and floods of announcements are counted by reason',
  { timeout: ABUSE_DEADLINE_MS },
  async (context) => {
    const rack = await startRackProcess(context, '--max-servers', 8);
    await singTo(context, rack, String(LEGITIMATE));
    const random = seededRandom(1);
    const noise = (length: number) => Buffer.from(Uint8Array.from({ length }, () => 256 * random.uniform()));
    const sample = encodeSample(toneSample(LEGITIMATE), null);
    const versioned = Buffer.from(sample);
    versioned[2] = 2;
    const announcement = (i: number) =>
      encodeAnnouncement({ ...ANNOUNCEMENT, rackId: 0, serverId: i % 160, bootId: i, frequencyHz: 1 + (i % 9) }, null);
    const kinds: readonly ((i: number) => Buffer)[] = [
      () => noise(1 + Math.floor(600 * random.uniform())),
      () => Buffer.alloc(0),
      () => versioned,
      () => encodeSample(toneSample(LEGITIMATE, { rackId: 1 }), null),
      announcement,
      announcement,
      announcement,
      (i) => (i % 400 === 7 ? noise(60_000) : Buffer.concat([sample, noise(1)])),
      () => Buffer.from('{"rack_id":0,"server_id":3,"seq":"1"}'),
      (i) =>
        encodeSample(toneSample(LEGITIMATE, { sequence: i * 40_000, bootId: i, sentSeconds: Date.now() / 1000 }), null),
    ];
    const count = 40_000;
    await abuse(rack, async () => {
      const datagram = (i: number): Buffer => kinds[i % kinds.length]?.(i) ?? sample;
      await flood(context, { port: rack.udpPort, count, datagram });
    });
    const most = 0.9 * (count / kinds.length);
    await rejections(rack, {
      'bad-magic': most * 0.8,
      'too-short': most,
      'bad-version': most,
      'wrong-rack': most,
      'bad-length': most * 0.9,
      'too-long': 10,
      'bad-json': most,
      'too-many-servers': 1,
    });
    const conflicts = (await rack.metrics()).value('netwatch_packets_conflict_total', {
      rack_id: 0,
      server_id: LEGITIMATE,
    });
    assert.ok((conflicts ?? 0) >= most, `${conflicts} conflicts`);
    assert.ok(rack.process.lines.length < 1000, `${rack.process.lines.length} log lines`);
  },
);

test('a rack with a key believes nothing without it', { timeout: ABUSE_DEADLINE_MS }, async (context) => {
  const keyFile = await writeKey(context);
  const rack = await startRackProcess(context, '--key-file', keyFile);
  await singTo(context, rack, String(LEGITIMATE), '--key-file', keyFile);
  const now = () => toneSample(LEGITIMATE, { sentSeconds: Date.now() / 1000 });
  const tampered = Buffer.from(encodeSample(now(), KEY));
  tampered.writeUInt8(tampered.readUInt8(24) ^ 0xff, 24);
  const kinds: readonly (() => Buffer)[] = [
    () => encodeSample(now(), null),
    () => encodeJsonSample(now()),
    () => encodeSample(now(), Buffer.alloc(32, 9)),
    () => tampered,
    () => encodeSample({ ...now(), sentSeconds: Date.now() / 1000 - 3600 }, KEY),
    () => encodeSample({ ...now(), rackId: 9 }, KEY),
  ];
  await abuse(rack, async () => {
    const datagram = (i: number): Buffer => kinds[i % kinds.length]?.() ?? tampered;
    await flood(context, { port: rack.udpPort, count: 30_000, datagram });
  });
  await rejections(rack, { unauthenticated: 9000, 'bad-tag': 9000, stale: 4500, 'wrong-rack': 4500 });
  assert.equal((await rack.metrics()).value('netwatch_streams'), 1);
});

test(
  'a captured stream, of an earlier boot or of this one, is refused',
  { timeout: ABUSE_DEADLINE_MS },
  async (context) => {
    const keyFile = await writeKey(context);
    const rack = await startRackProcess(context, '--key-file', keyFile);
    const tap = await startTap(context, rack.udpPort);
    const tapped = { ...rack, udpPort: tap.port };
    const first = await singTo(context, tapped, String(LEGITIMATE), '--key-file', keyFile);
    await first.close();
    await rack.report('it is silent', (report) => verdictIn(report, LEGITIMATE)?.status === 'silent');
    const earlier = tap.captured.splice(0);
    assert.ok(earlier.length >= 64);
    const value = async (name: string) =>
      (await rack.metrics()).value(name, { rack_id: 0, server_id: LEGITIMATE }) ?? 0;

    const heard = await value('netwatch_packets_received_total');
    await flood(context, { port: rack.udpPort, count: earlier.length, datagram: (i) => earlier[i] ?? KEY });
    await waitUntil('the dead are counted', async () => {
      const replayed = (await rack.metrics()).value('netwatch_datagrams_rejected_total', { reason: 'replay' }) ?? 0;
      return replayed + (await value('netwatch_packets_duplicate_total')) >= 0.9 * earlier.length;
    });
    assert.equal(await value('netwatch_packets_received_total'), heard);
    await rack.report('it is still silent', (report) => verdictIn(report, LEGITIMATE)?.status === 'silent');

    await singTo(context, tapped, String(LEGITIMATE), '--key-file', keyFile);
    const replaysBefore = (await rack.metrics()).value('netwatch_datagrams_rejected_total', { reason: 'replay' }) ?? 0;
    const duplicatesBefore = await value('netwatch_packets_duplicate_total');
    const own = tap.captured.slice();
    await abuse(rack, async () => {
      await flood(context, { port: rack.udpPort, count: earlier.length, datagram: (i) => earlier[i] ?? KEY });
      await flood(context, { port: rack.udpPort, count: own.length, datagram: (i) => own[i] ?? KEY });
    });
    const replays = (await rack.metrics()).value('netwatch_datagrams_rejected_total', { reason: 'replay' }) ?? 0;
    const duplicates = await value('netwatch_packets_duplicate_total');
    assert.ok(
      replays - replaysBefore >= 0.9 * earlier.length,
      `${replays - replaysBefore} of ${earlier.length} replayed`,
    );
    assert.ok(duplicates - duplicatesBefore >= 50, `${duplicates - duplicatesBefore} duplicates`);
  },
);
