import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame } from '../../src/wire/frame-line.ts';
import { parseReportAck } from '../../src/wire/report-ack.ts';
import { connectClient } from '../support/datacenter-client.ts';
import { reportOf, serversOf } from '../support/datacenter-reports.ts';
import { parseExposition } from '../support/exposition.ts';
import { runNetwatch } from '../support/netwatch-process.ts';
import { connectSocket } from '../support/socket-client.ts';
import { largeFrameOf } from '../support/stream-frames.ts';

/** A heap that comes and goes takes half of this. */
const MAX_GROWTH_BYTES = 100 * 2 ** 20;
/** Frames written at once: more are not so much to be read that it counts. */
const BATCH = 20;

test('a client that never reads, and lives, does not make a datacenter grow', async (context) => {
  const ports = ['--metrics-port', 0, '--tcp-listen-port', 0, '--api-port', 0];
  const datacenter = runNetwatch(context, 'datacenter', ...ports);
  const { reportPort, apiPort } = await datacenter.logged('listening');
  const metrics = async () =>
    parseExposition(await (await fetch(`http://127.0.0.1:${String(apiPort)}/metrics`)).text());
  const rack = await connectClient(context, Number(reportPort));
  rack.send(reportOf(1, { servers: serversOf(1, 1) }));
  await rack.answer();
  const deaf = await connectSocket(context, Number(apiPort));
  deaf.say('subscribe', 'server:1/0');
  await deaf.heard('a snapshot', ({ type }) => type === 'snapshot');
  deaf.socket.pause();

  const line = `${encodeFrame(largeFrameOf(1, 0))}\n`;
  let sequence = 1;
  const send = async (frames: number) => {
    for (let sent = 0; sent < frames; sent += BATCH) {
      for (let count = 0; count < BATCH; count++) rack.socket.write(line);
      // Who answers pings is not cut, whether it reads them or not.
      deaf.socket.pong();
      sequence++;
      rack.send(reportOf(1, { sequence, servers: serversOf(1, 1) }));
      // oxlint-disable-next-line no-await-in-loop -- the next when these were taken
      while (parseReportAck(JSON.stringify(await rack.answer()))?.sequence !== sequence);
    }
  };
  await send(200);
  const before = await metrics();
  await send(440);
  const after = await metrics();

  assert.equal(after.value('netwatch_socket_clients'), 1);
  const leftOut =
    after.sum('netwatch_socket_messages_dropped_total') - before.sum('netwatch_socket_messages_dropped_total');
  const leftOutBytes = leftOut * line.length;
  assert.ok(leftOutBytes > 1.25 * MAX_GROWTH_BYTES, `only ${leftOutBytes} bytes were left out`);
  const growthBytes =
    (after.value('process_resident_memory_bytes') ?? NaN) - (before.value('process_resident_memory_bytes') ?? NaN);
  context.diagnostic(`${growthBytes / 2 ** 20} MiB more, while ${leftOutBytes / 2 ** 20} MiB were left out`);
  assert.ok(growthBytes < MAX_GROWTH_BYTES, `${growthBytes} bytes more than before`);
});
