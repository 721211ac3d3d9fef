import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { WindowSpectrum } from '../../src/core/window-spectrum.ts';
import type { RackConfig } from '../../src/config/rack.ts';
import { createWallClock } from '../../src/io/clock.ts';
import { createLog } from '../../src/io/log.ts';
import { startRack } from '../../src/rack/start-rack.ts';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';
import { parseExposition } from '../support/exposition.ts';
import { RACK_DEFAULTS, toneSample } from '../support/fake-rack.ts';
import { waitUntil } from '../support/wait-until.ts';
import { ANNOUNCEMENT } from '../support/wire-values.ts';

/** A rack in this process, on free ports; nobody listens where it reports to. */
async function rackOf(context: TestContext, changes: Partial<RackConfig> = {}) {
  const config = { ...RACK_DEFAULTS, udpListenPort: 0, metricsPort: 0, dcControllerPort: 1, ...changes };
  const rack = await startRack({
    config,
    clock: createWallClock(),
    log: createLog({ role: 'rack', level: 'silent' }),
    version: '1.2.3',
    random: () => 0.5,
    onFatal: (error) => assert.fail(error),
  });
  context.after(() => rack.close());
  const url = `http://127.0.0.1:${rack.metricsPort}`;
  const get = async (path: string) => {
    const response = await fetch(url + path);
    return { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.text() };
  };
  const metrics = async () => parseExposition((await get('/metrics')).body);
  return { rack, get, metrics };
}

/** Sends datagrams from one socket to a rack. */
function senderTo(context: TestContext, port: number) {
  const socket = createSocket('udp4').unref();
  context.after(() => socket.close());
  return (bytes: Buffer) =>
    new Promise<void>((resolve, reject) => {
      socket.send(bytes, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
}

/** A window of a clean tone, over all frequencies that the sample rate has, and loudest at the tone's. */
function assertToneAt(toneHz: number, sampleRateHz: number, spectrum: WindowSpectrum): void {
  const { window_slots: slots, frequencies_hz: frequencies, power_db: power } = spectrum;
  assert.equal(spectrum.expected_frequency_hz, toneHz);
  assert.ok(slots >= 32 && Number.isInteger(Math.log2(slots)), `${slots} slots`);
  // It is the measured rate, and how fast the sender was is not judged.
  const rateHz = spectrum.sample_rate_hz;
  assert.ok(rateHz > sampleRateHz / 4 && rateHz < 1.1 * sampleRateHz, `${rateHz} Hz`);
  assert.deepEqual([frequencies.length, power.length], [slots, slots]);
  const spacingHz = rateHz / slots;
  for (const [n, hz] of frequencies.entries()) {
    assert.ok(Math.abs(hz - ((frequencies[0] ?? NaN) + n * spacingHz)) < 1e-9, `bin ${n} is at ${hz} Hz`);
  }
  assert.ok(Math.abs((frequencies[0] ?? NaN) + rateHz / 2) <= spacingHz, 'from the negative end on');
  const peakDb = Math.max(...power);
  assert.ok(Math.abs((frequencies[power.indexOf(peakDb)] ?? NaN) - toneHz) < 1e-9, 'the peak is the tone');
  assert.ok(Math.abs(peakDb) < 0.5, `the peak is ${peakDb} dB`);
}

test('health, readiness, metrics and spectra over HTTP', async (context) => {
  const sampleRateHz = 100;
  const { rack, get, metrics } = await rackOf(context, { sampleRateHz });
  const send = senderTo(context, rack.udpPort);
  assert.deepEqual(await get('/healthz'), { status: 200, type: 'text/plain; charset=utf-8', body: 'ok\n' });
  assert.deepEqual([(await get('/readyz')).status, (await get('/nowhere')).status], [200, 404]);

  for (const id of ['x', '-1', '1e3', '123456', '%00']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { status, type, body } = await get(`/streams/${id}/spectrum`);
    assert.deepEqual(
      [status, type, (JSON.parse(body) as { status: number }).status],
      [400, 'application/problem+json', 400],
    );
  }
  assert.equal((await get('/streams/0/spectrum')).status, 404);

  const announcement = { ...ANNOUNCEMENT, rackId: 0, serverId: 0, bootId: 1, frequencyHz: 1, sampleRateHz };
  await send(encodeAnnouncement(announcement, null));
  const clock = createWallClock();
  const sing = (sequence: number) =>
    send(encodeSample(toneSample(0, { sequence, sentSeconds: clock.nowSeconds() }), null));
  await sing(0);
  await waitUntil('the first sample is heard', async () => (await get('/streams/0/spectrum')).status === 503);
  for (let k = 1; k < 80; k++) {
    // oxlint-disable-next-line no-await-in-loop -- a tone takes its time; how exactly it keeps to it does not matter
    await pause(1000 / sampleRateHz);
    // oxlint-disable-next-line no-await-in-loop -- in order
    await sing(k);
  }
  await waitUntil('there is a spectrum', async () => (await get('/streams/0/spectrum')).status === 200);
  const { type, body } = await get('/streams/0/spectrum');
  assert.equal(type, 'application/json; charset=utf-8');
  const spectrum = JSON.parse(body) as { server_id: number; name: string } & WindowSpectrum;
  assert.deepEqual([spectrum.server_id, spectrum.name], [0, 'web-1']);
  assertToneAt(1, sampleRateHz, spectrum);

  await waitUntil('the samples are counted', async () => {
    const count = (await metrics()).value('netwatch_packets_received_total', { rack_id: 0, server_id: 0 });
    return (count ?? 0) >= 64;
  });
  const exposed = await get('/metrics');
  assert.match(exposed.type, /^text\/plain; version=0\.0\.4/);
  const names = exposed.body.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
  assert.equal(new Set(names).size, names.length, 'every metric once');
  assert.ok(names.includes('netwatch_latency_ms') && names.includes('process_resident_memory_bytes'));
  for (const line of exposed.body.split('\n'))
    assert.match(line, /^(#.*|[a-z_0-9]+(\{[^}]*\})? (-?[\d.e+-]+|[+-]Inf|NaN))?$/i);
});

test('a port that is taken is named, and nothing stays open', async (context) => {
  const { rack } = await rackOf(context);
  await assert.rejects(rackOf(context, { udpListenPort: rack.udpPort }), new RegExp(`${rack.udpPort}`));
  const free = createSocket('udp4').bind(0, '127.0.0.1');
  await once(free, 'listening');
  const udpListenPort = free.address().port;
  free.close();
  await once(free, 'close');
  await assert.rejects(
    rackOf(context, { udpListenPort, metricsPort: rack.metricsPort }),
    new RegExp(`${rack.metricsPort}`),
  );
  const again = await rackOf(context, { udpListenPort });
  assert.equal(again.rack.udpPort, udpListenPort);
});

test('closing twice is closing once, and the ports are free after it', async (context) => {
  const { rack } = await rackOf(context);
  await Promise.all([rack.close(), rack.close()]);
  const socket = createSocket('udp4').bind(rack.udpPort, '127.0.0.1');
  await once(socket, 'listening');
  socket.close();
  await assert.rejects(fetch(`http://127.0.0.1:${rack.metricsPort}/healthz`));
});
