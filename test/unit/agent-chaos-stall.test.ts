import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmitter } from '../../src/agent/emitter.ts';
import { createVoices } from '../../src/agent/voice.ts';
import { agentSpec } from '../../src/config/agent.ts';
import { loadConfig } from '../../src/config/load.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import { delayOf, injectionOf } from '../support/injections.ts';
import { chaosInFakeTime } from '../support/chaos-in-fake-time.ts';

test('an agent that stood still sends what waited before it begins anew, and only what waited', () => {
  const { chaos, clock, sender, passTo, stopFor } = chaosInFakeTime();
  const left: string[] = [];
  sender.start((bytes) => left.push(describeDatagram(bytes)));
  let bootId = 0;
  const stalls: number[] = [];
  const config = { ...loadConfig(agentSpec, { flags: {}, env: {}, file: undefined }), rackId: 2, serverIds: [3] };
  const emitter = createEmitter({
    voices: createVoices({ config, version: '1.2.3', key: null }),
    sampleRateHz: 20,
    clock,
    drawBootId: () => ++bootId,
    onSample: () => {},
    onStall: (behindSeconds) => stalls.push(behindSeconds),
  });
  chaos.hold(injectionOf({ phases: [{ seconds: 60, impairment: delayOf(0.3) }] }), [3]);
  emitter.start((bytes, place) => sender.send(bytes, place));
  passTo(1);
  stopFor(5);
  passTo(7);
  emitter.close();
  assert.equal(stalls.length, 1, 'the delay is none of the schedule');
  const anew = left.indexOf('boot 2 announced');
  const expected = ['boot 1 announced', ...Array.from({ length: 21 }, (_, n) => `boot 1 #${n}`)];
  assert.deepEqual(left.slice(0, anew), expected.slice(0, anew));
  assert.ok(anew >= 21, `${anew} datagrams of the first boot`);
  assert.ok(left.slice(anew).every((text) => text.startsWith('boot 2')));
  assert.equal(left[anew + 1], 'boot 2 #0');
});

function describeDatagram(bytes: Uint8Array): string {
  const decoded = decodeDatagram(bytes, { key: null });
  assert.ok(decoded.kind !== 'rejected');
  if (decoded.kind === 'announcement') return `boot ${decoded.announcement.bootId} announced`;
  return `boot ${decoded.sample.bootId} #${decoded.sample.sequence}`;
}
