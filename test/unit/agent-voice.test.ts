import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTone } from '../../src/core/tone.ts';
import { createVoices, type Voice } from '../../src/agent/voice.ts';
import { agentSpec, type AgentConfig } from '../../src/config/agent.ts';
import { loadConfig } from '../../src/config/load.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import { KEY } from '../support/wire-values.ts';

const defaults = loadConfig(agentSpec, { flags: {}, env: {}, file: undefined });

function voiceOf(config: Partial<AgentConfig>, key: Buffer | null = null): Voice {
  const [voice] = createVoices({ config: { ...defaults, ...config }, version: '1.2.3', key });
  assert.ok(voice);
  return voice;
}

test('there is a voice for each server, each with the tone of the plan', () => {
  const config = { ...defaults, rackId: 2, serverIds: [0, 5, 7] };
  const voices = createVoices({ config, version: '1.2.3', key: null });
  const announced = voices.map((voice) => {
    const decoded = decodeDatagram(voice.announcement(1) ?? Buffer.alloc(0), { key: null });
    assert.ok(decoded.kind === 'announcement');
    return [decoded.announcement.serverId, decoded.announcement.frequencyHz];
  });
  assert.deepEqual(announced, [
    [0, 3],
    [5, 3.25],
    [7, 3.35],
  ]);
});

test('a binary sample has the tone of the very time it carries, with the tag when there is a key', () => {
  const tone = createTone(4.35);
  for (const key of [null, KEY]) {
    const voice = voiceOf({ rackId: 3, serverIds: [7] }, key);
    for (let n = 0; n < 1000; n++) {
      const sentSeconds = 1_800_000_000 + n * 0.0123457;
      const decoded = decodeDatagram(voice.sample(0xdeadbeef, n, sentSeconds), { key });
      assert.ok(decoded.kind === 'sample');
      const { sample } = decoded;
      assert.deepEqual([sample.rackId, sample.serverId, sample.bootId, sample.sequence], [3, 7, 0xdeadbeef, n]);
      assert.ok(Math.abs(sample.sentSeconds - sentSeconds) < 3e-7);
      assert.ok(Math.abs(sample.im - tone.inPhase(sample.sentSeconds)) < 1e-7, `in phase of ${n}`);
      assert.ok(Math.abs((sample.re ?? NaN) - tone.quadrature(sample.sentSeconds)) < 1e-7, `quadrature of ${n}`);
    }
  }
});

test('an announcement says what the configuration says', () => {
  const voice = voiceOf({ rackId: 3, serverIds: [7], nameTemplate: 'r{rack}s{server}', labels: { zone: 'a' } });
  const bytes = voice.announcement(9);
  assert.ok(bytes);
  assert.deepEqual(decodeDatagram(bytes, { key: null }), {
    kind: 'announcement',
    announcement: {
      rackId: 3,
      serverId: 7,
      bootId: 9,
      name: 'r3s7',
      version: '1.2.3',
      sampleRateHz: 20,
      frequencyHz: 4.35,
      labels: { zone: 'a' },
    },
  });
});

test('the JSON form is the five documented keys, with a real sample, and is not announced', () => {
  const voice = voiceOf({ rackId: 3, serverIds: [7], wire: 'json' });
  assert.equal(voice.announcement(9), null);
  assert.deepEqual(JSON.parse(voice.sample(9, 17, 1_800_000_000.0625).toString()), {
    rack_id: 3,
    server_id: 7,
    seq: 17,
    sent_ts: 1_800_000_000.0625,
    wave_sample: createTone(4.35).inPhase(1_800_000_000.0625),
  });
});
