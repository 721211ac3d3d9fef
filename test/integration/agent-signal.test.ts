import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startAgent } from '../../src/agent/start-agent.ts';
import { agentSpec, type AgentConfig } from '../../src/config/agent.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Sample } from '../../src/core/sample.ts';
import { fitTone } from '../../src/core/tone-fit.ts';
import { createWallClock } from '../../src/io/clock.ts';
import { createLog } from '../../src/io/log.ts';
import type { Announcement } from '../../src/wire/announcement.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import { KEY } from '../support/wire-values.ts';

const DEADLINE_MS = 30_000;
const BOOT_ID = 0xfeedface;
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];
const defaults = loadConfig(agentSpec, { flags: {}, env: {}, file: undefined });

/** Starts an agent that sends to a socket of this test, and gives the datagrams that come until `isEnough`. */
async function hear(
  context: TestContext,
  config: Partial<AgentConfig>,
  isEnough: (datagrams: readonly Buffer[]) => boolean,
): Promise<readonly Buffer[]> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  context.after(() => socket.close());
  await once(socket, 'listening');
  const datagrams: Buffer[] = [];
  const enough = Promise.withResolvers<void>();
  socket.on('message', (bytes) => {
    datagrams.push(bytes);
    if (isEnough(datagrams)) enough.resolve();
  });
  const agent = await startAgent({
    config: { ...defaults, ...config, rackControllerPort: socket.address().port, metricsPort: 0 },
    clock: createWallClock(),
    log: createLog({ role: 'agent', level: 'silent' }),
    version: '1.2.3',
    random: () => BOOT_ID / 2 ** 32,
  });
  context.after(() => agent.close());
  await Promise.race([enough.promise, once(AbortSignal.timeout(DEADLINE_MS), 'abort')]);
  assert.ok(isEnough(datagrams), `only ${datagrams.length} datagrams came within ${DEADLINE_MS} ms`);
  return [...datagrams];
}

function samplesIn(datagrams: readonly Buffer[], key: Buffer | null = null): Sample[] {
  return datagrams.flatMap((bytes) => {
    const decoded = decodeDatagram(bytes, { key });
    assert.notEqual(decoded.kind, 'rejected');
    return decoded.kind === 'sample' ? [decoded.sample] : [];
  });
}

function announcementsIn(datagrams: readonly Buffer[], key: Buffer | null = null): Announcement[] {
  return datagrams.flatMap((bytes) => {
    const decoded = decodeDatagram(bytes, { key });
    return decoded.kind === 'announcement' ? [decoded.announcement] : [];
  });
}

/** 2πft in radians, by integers of mHz and whole seconds, so that nothing is rounded where f·t is large. */
function tonePhase(frequencyHz: number, seconds: number): number {
  const milliHertz = Math.round(frequencyHz * 1000);
  const whole = Math.floor(seconds);
  const millicycles = ((milliHertz * whole) % 1000) + milliHertz * (seconds - whole);
  return (2 * Math.PI * (millicycles % 1000)) / 1000;
}

/** Phase of z·e^{−j2πft} in radians. */
function demodulatedPhase({ re, im, sentSeconds }: Sample, frequencyHz: number): number {
  assert.ok(re !== null);
  const phase = tonePhase(frequencyHz, sentSeconds);
  const [cos, sin] = [Math.cos(phase), Math.sin(phase)];
  return Math.atan2(im * cos - re * sin, re * cos + im * sin);
}

test('eight servers sing in sequence, each its own tone to a millionth of a radian, and say their names', async (context) => {
  const config = { rackId: 3, serverIds: EIGHT, sampleRateHz: 100, labels: { zone: 'a' } };
  const datagrams = await hear(context, config, (heard) => heard.length >= 8 * 61);
  const nowSeconds = Date.now() / 1000;
  const samples = samplesIn(datagrams);
  for (const serverId of EIGHT) {
    const own = samples.filter((sample) => sample.serverId === serverId);
    assert.ok(own.length >= 59, `${own.length} samples of ${serverId}`);
    assert.deepEqual(
      own.map(({ sequence }) => sequence),
      [...own.keys()],
    );
    const frequencyHz = 4 + 0.05 * serverId;
    const phases = own.map((sample) => demodulatedPhase(sample, frequencyHz));
    // The frequency as a double may be 1e-16 of itself beside the decimal: over the age of the epoch some 1e-6 of a turn.
    assert.ok(Math.abs(phases[0] ?? NaN) < 1e-5, `server ${serverId} has phase ${phases[0]}`);
    const wander = Math.max(...phases) - Math.min(...phases);
    assert.ok(wander < 1e-6, `the phase of server ${serverId} wanders by ${wander}`);
    for (const [n, sample] of own.entries()) {
      assert.deepEqual([sample.rackId, sample.bootId], [3, BOOT_ID]);
      assert.ok(sample.sentSeconds > (own[n - 1]?.sentSeconds ?? 0), 'send times grow');
      assert.ok(Math.abs(sample.sentSeconds - nowSeconds) < 60, 'send times are of now');
      assert.ok(Math.abs(Math.hypot(sample.re ?? 0, sample.im) - 1) < 1e-6, 'amplitude 1');
    }
  }
  assert.deepEqual(
    announcementsIn(datagrams),
    EIGHT.map((serverId) => ({
      rackId: 3,
      serverId,
      bootId: BOOT_ID,
      name: `server-3-${serverId}`,
      version: '1.2.3',
      sampleRateHz: 100,
      frequencyHz: 4 + 0.05 * serverId,
      labels: { zone: 'a' },
    })),
  );
});

test('the send times are one interval apart in the mean', async (context) => {
  const datagrams = await hear(context, { sampleRateHz: 100 }, (heard) => heard.length >= 102);
  const samples = samplesIn(datagrams);
  const [first, last] = [samples[0], samples.at(-1)];
  assert.ok(first && last);
  const meanSeconds = (last.sentSeconds - first.sentSeconds) / (last.sequence - first.sequence);
  // The deviation is the lateness of one timer, divided by 100: 1 s of lateness would be a new boot.
  assert.ok(Math.abs(meanSeconds - 0.01) < 0.01, `${meanSeconds} s`);
});

test('the JSON form has exactly five keys and is the sine of its send times; nothing else is sent', async (context) => {
  const config = { rackId: 1, serverIds: [4], sampleRateHz: 100, wire: 'json' } as const;
  const datagrams = await hear(context, config, (heard) => heard.length >= 60);
  const objects = datagrams.map((bytes) => JSON.parse(bytes.toString()) as object);
  const keys = ['rack_id', 'server_id', 'seq', 'sent_ts', 'wave_sample'];
  for (const object of objects) assert.deepEqual(Object.keys(object), keys);

  const samples = samplesIn(datagrams);
  assert.deepEqual(
    samples.map(({ sequence }) => sequence),
    [...samples.keys()],
  );
  assert.ok(
    samples.every(
      ({ rackId, serverId, re, bootId }) => rackId === 1 && serverId === 4 && re === null && bootId === null,
    ),
  );
  const phases = samples.map(({ sentSeconds }) => tonePhase(2.2, sentSeconds));
  const [sines, cosines] = [Float64Array.from(phases, Math.sin), Float64Array.from(phases, Math.cos)];
  const values = Float64Array.from(samples, ({ im }) => im);
  const fit = fitTone({ sines, cosines, values }, values.length);
  assert.ok(Math.abs(fit.sine - 1) < 1e-5 && Math.abs(fit.cosine) < 1e-5, `${fit.sine} sin + ${fit.cosine} cos`);
  const residuals = values.map((value, n) => value - fit.sine * (sines[n] ?? 0) - fit.cosine * (cosines[n] ?? 0));
  assert.ok(Math.max(...residuals.map(Math.abs)) < 1e-6, 'what the sine leaves');
});

test('with a key every datagram carries its tag, and no other key verifies it', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-agent-'));
  context.after(() => rm(folder, { recursive: true }));
  const keyFile = join(folder, 'key');
  await writeFile(keyFile, `${KEY.toString('hex')}\n`);
  const config = { serverIds: EIGHT, sampleRateHz: 100, keyFile };
  const datagrams = await hear(context, config, (heard) => heard.length >= 80);
  assert.equal(announcementsIn(datagrams, KEY).length, 8);
  assert.equal(samplesIn(datagrams, KEY).length, datagrams.length - 8);
  for (const bytes of datagrams) {
    assert.deepEqual(decodeDatagram(bytes, { key: Buffer.alloc(32, 1) }), { kind: 'rejected', reason: 'bad-tag' });
  }
});
