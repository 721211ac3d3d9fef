import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJsonSample, encodeJsonSample } from '../../src/wire/json-datagram.ts';
import { SAMPLE } from '../support/wire-values.ts';

const MINIMAL = '{"rack_id":1,"server_id":2,"seq":3,"sent_ts":1700000000.5,"wave_sample":0.5}';
const REAL_SAMPLE = { ...SAMPLE, bootId: null, sequence: 3, re: null };

function decode(text: string): unknown {
  return decodeJsonSample(Buffer.from(text));
}

function withFields(change: object): string {
  return JSON.stringify({ ...JSON.parse(MINIMAL), ...change });
}

test('the minimal form', () => {
  assert.equal(encodeJsonSample(REAL_SAMPLE).toString(), MINIMAL);
  assert.deepEqual(decode(MINIMAL), REAL_SAMPLE);
});

test('quadrature and boot id where the sender has them', () => {
  const full = withFields({ seq: 0x01020304, quadrature_sample: -0.25, boot_id: 0xdeadbeef });
  assert.equal(encodeJsonSample(SAMPLE).toString(), full);
  assert.deepEqual(decode(full), SAMPLE);
  assert.deepEqual(decode(withFields({ quadrature_sample: null, boot_id: null })), REAL_SAMPLE);
});

test('what another agent writes: spaces, its own keys, any order, a count past 32 bits', () => {
  assert.deepEqual(
    decode('{ "wave_sample": 0.5, "host": "a", "sent_ts": 1700000000.5, "seq": 3, "server_id": 2, "rack_id": 1 }\n'),
    REAL_SAMPLE,
  );
  assert.deepEqual(decode(withFields({ seq: 2 ** 32 + 3 })), REAL_SAMPLE);
});

test('fields that are missing or of the wrong type', () => {
  const changes: object[] = [
    { rack_id: undefined },
    { rack_id: '1' },
    { rack_id: 65_536 },
    { server_id: -1 },
    { server_id: 1.5 },
    { seq: -1 },
    { seq: 0.5 },
    { seq: 2 ** 53 },
    { sent_ts: '1700000000.5' },
    { sent_ts: null },
    { wave_sample: true },
    { quadrature_sample: '0' },
    { boot_id: 2 ** 32 },
  ];
  for (const change of changes) assert.equal(decode(withFields(change)), 'bad-json', JSON.stringify(change));
});

test('text that is not JSON', () => {
  for (const text of ['{', '{}', MINIMAL.slice(0, -1), `${MINIMAL}x`, MINIMAL.replace('0.5}', 'NaN}')]) {
    assert.equal(decode(text), 'bad-json', text);
  }
  const broken = Buffer.from(withFields({ host: 'abc' }));
  broken[broken.indexOf('abc')] = 0xff;
  assert.equal(decodeJsonSample(broken), 'bad-json');
});

test('values out of bounds, and size', () => {
  assert.equal(decode(MINIMAL.replace('0.5}', '1e999}')), 'not-finite');
  assert.equal(decode(withFields({ wave_sample: 1_000_001 })), 'out-of-range');
  assert.equal(decode(withFields({ quadrature_sample: -1_000_001 })), 'out-of-range');
  assert.equal(decode(withFields({ sent_ts: 0 })), 'out-of-range');
  assert.equal(decode(withFields({ sent_ts: 1e300 })), 'out-of-range');
  assert.deepEqual(decode(MINIMAL.padEnd(512)), REAL_SAMPLE);
  assert.equal(decode(MINIMAL.padEnd(513)), 'too-long');
});

test('the encoder refuses what no rack would accept', () => {
  assert.throws(() => encodeJsonSample({ ...SAMPLE, im: Number.NaN }), { name: 'RangeError', message: /not-finite/ });
});
