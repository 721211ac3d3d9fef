import assert from 'node:assert/strict';
import { test } from 'node:test';
import { singTo, startRackProcess, type RunningRack } from '../support/running-rack.ts';
import { waitUntil } from '../support/wait-until.ts';

const watchOf = (server_ids: readonly number[]) => ({
  rack_id: 0,
  server_ids,
  interval_seconds: 0.1,
  lease_seconds: 60,
});

async function metricIs(rack: RunningRack, name: string, value: number): Promise<void> {
  await waitUntil(`${name} is ${value}`, async () => (await rack.metrics()).value(name) === value);
}

test('a rack sends frames of what is watched, until it is not, and none before', async (context) => {
  const rack = await startRackProcess(context);
  await singTo(context, rack, '0-1');
  const { datacenter } = rack;
  assert.equal(datacenter.frames.length, 0);
  datacenter.watch(watchOf([1]));
  await waitUntil('five frames are there', () => datacenter.frames.length >= 5);
  assert.deepEqual(new Set(datacenter.frames.map((frame) => frame.server_id)), new Set([1]));
  const frame = datacenter.frames.at(-1);
  assert.equal(frame?.rack_id, 0);
  assert.equal(frame.spectrum?.power_db.length, frame.spectrum?.window_slots);
  assert.ok(frame.window?.slots.includes('r'));
  assert.equal((await rack.metrics()).value('netwatch_watched_servers'), 1);
  datacenter.watch(watchOf([]));
  await metricIs(rack, 'netwatch_watched_servers', 0);
  const sent = (await rack.metrics()).value('netwatch_frames_sent_total') ?? -1;
  await rack.report('the next report', () => true);
  // One line, in order: what was sent before that report is here.
  assert.equal(datacenter.frames.length, sent);
  assert.equal((await rack.metrics()).value('netwatch_frames_sent_total'), sent);
  assert.deepEqual(datacenter.broken, []);
});

test('a request for frames lives as long as its connection', async (context) => {
  const rack = await startRackProcess(context);
  rack.datacenter.watch(watchOf([3]));
  await metricIs(rack, 'netwatch_watched_servers', 1);
  rack.datacenter.cut();
  await metricIs(rack, 'netwatch_watched_servers', 0);
  await rack.report('a report over the next connection', () => true);
  rack.datacenter.watch(watchOf([4]));
  await waitUntil('a frame of the new request is there', () =>
    rack.datacenter.frames.some((frame) => frame.server_id === 4),
  );
});

test('a datacenter that reads nothing loses frames, which are counted, and no report', async (context) => {
  const rack = await startRackProcess(context, '--window', 4096, '--rate', 1000);
  await singTo(context, rack, '0-3', '--rate', '1000');
  const { datacenter } = rack;
  const before = datacenter.reports.at(-1)?.sequence ?? 0;
  datacenter.watch(watchOf([0, 1, 2, 3]));
  await waitUntil('frames come', () => datacenter.frames.length > 0);
  datacenter.pause();
  await waitUntil(
    'frames are dropped',
    async () => ((await rack.metrics()).value('netwatch_frames_dropped_total') ?? 0) > 20,
  );
  datacenter.resume();
  await rack.report('a report', () => true);
  const sequences = datacenter.reports.map(({ sequence = 0 }) => sequence).filter((sequence) => sequence > before);
  assert.deepEqual(
    sequences,
    sequences.map((_, i) => before + 1 + i),
  );
});

test('what is no request, or too long, changes nothing', async (context) => {
  const rack = await startRackProcess(context);
  rack.datacenter.watch(watchOf([1]));
  await metricIs(rack, 'netwatch_watched_servers', 1);
  for (const line of ['garbage', '{"type":"watch"}', 'x'.repeat(100_000), JSON.stringify({ type: 'frame' })]) {
    rack.datacenter.say(line);
  }
  rack.datacenter.watch({ ...watchOf([1]), server_ids: Array.from({ length: 33 }, (_, id) => id) });
  rack.datacenter.watch({ ...watchOf([2]), rack_id: 7 });
  rack.datacenter.watch(watchOf([1, 2]));
  await metricIs(rack, 'netwatch_watched_servers', 2);
});
