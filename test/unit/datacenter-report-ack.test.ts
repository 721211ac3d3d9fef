import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeReportAck, parseReportAck } from '../../src/wire/report-ack.ts';

test('an acknowledgement is one line with three fields, and is read as it was written', () => {
  const line = encodeReportAck({ boot_id: 0xffff_ffff, sequence: Number.MAX_SAFE_INTEGER });
  assert.equal(line, '{"type":"ack","boot_id":4294967295,"sequence":9007199254740991}');
  assert.deepEqual(parseReportAck(line), { type: 'ack', boot_id: 0xffff_ffff, sequence: Number.MAX_SAFE_INTEGER });
});

test('unknown keys are dropped', () => {
  const line = '{"type":"ack","boot_id":1,"sequence":2,"note":"x"}';
  assert.deepEqual(parseReportAck(line), { type: 'ack', boot_id: 1, sequence: 2 });
});

test('what is no acknowledgement is null', () => {
  const lines = [
    '',
    'null',
    '[]',
    '{',
    '{"type":"ack"}',
    '{"type":"nack","boot_id":1,"sequence":2}',
    '{"type":"ack","boot_id":4294967296,"sequence":2}',
    '{"type":"ack","boot_id":1,"sequence":-1}',
    '{"type":"ack","boot_id":1,"sequence":1.5}',
    '{"type":"ack","boot_id":"1","sequence":2}',
    `{"type":"ack","boot_id":1,"sequence":${'9'.repeat(400)}}`,
    '\u0000\uFFFD',
  ];
  for (const line of lines) assert.equal(parseReportAck(line), null, line.slice(0, 60));
});
