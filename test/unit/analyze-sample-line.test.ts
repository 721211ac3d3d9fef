import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseSampleLine } from '../../src/analyze/sample-line.ts';

const GOOD = {
  rack_id: 0,
  server_id: 7,
  seq: 12,
  sent_ts: 1_800_000_000.25,
  recv_ts: 1_800_000_000.5,
  wave_sample: -0.5,
};
const parse = (changes: Record<string, unknown>) => parseSampleLine(JSON.stringify({ ...GOOD, ...changes }));

test('a line with the six fields is a sample, and the two others are taken when there', () => {
  assert.deepEqual(parse({}), GOOD);
  assert.deepEqual(parse({ quadrature_sample: 0.25, boot_id: 9 }), { ...GOOD, quadrature_sample: 0.25, boot_id: 9 });
  assert.deepEqual(parse({ quadrature_sample: null, boot_id: null }), {
    ...GOOD,
    quadrature_sample: null,
    boot_id: null,
  });
  assert.deepEqual(parse({ comment: 'of somebody else' }), GOOD);
});

test('a recording may have an epoch of its own', () => {
  assert.deepEqual(parse({ sent_ts: 0, recv_ts: -0.001 }), { ...GOOD, sent_ts: 0, recv_ts: -0.001 });
});

const wrong: [string, RegExp][] = [
  ['', /not JSON/],
  ['{"rack_id":0', /not JSON/],
  ['[]', /^rack_id: /],
  ['null', /Object/],
  ['17', /Object/],
  [JSON.stringify({ ...GOOD, seq: undefined }), /^seq: /],
  [JSON.stringify({ ...GOOD, rack_id: 65_536 }), /^rack_id: /],
  [JSON.stringify({ ...GOOD, server_id: -1 }), /^server_id: /],
  [JSON.stringify({ ...GOOD, server_id: 1.5 }), /^server_id: /],
  [JSON.stringify({ ...GOOD, seq: -1 }), /^seq: /],
  [JSON.stringify({ ...GOOD, seq: '12' }), /^seq: /],
  [JSON.stringify({ ...GOOD, sent_ts: null }), /^sent_ts: /],
  [JSON.stringify(GOOD).replace('1800000000.5', '1e999'), /^recv_ts: /],
  [JSON.stringify({ ...GOOD, recv_ts: 1e17 }), /^recv_ts: /],
  [JSON.stringify({ ...GOOD, recv_ts: -1e300 }), /^recv_ts: /],
  [JSON.stringify({ ...GOOD, wave_sample: 1e300 }), /^wave_sample: /],
  [JSON.stringify({ ...GOOD, quadrature_sample: 'x' }), /^quadrature_sample: /],
  [JSON.stringify({ ...GOOD, boot_id: 2 ** 32 }), /^boot_id: /],
];

for (const [line, message] of wrong) {
  test(`broken: ${line}`, () => {
    const parsed = parseSampleLine(line);
    assert.ok(typeof parsed === 'string', 'it is broken');
    assert.match(parsed, message);
  });
}

test('any text is answered, none throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const parsed = parseSampleLine(text);
      assert.ok(typeof parsed === 'string' ? parsed.length > 0 : Number.isInteger(parsed.seq));
    }),
  );
});
