import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, isFrameLine, parseFrame } from '../../src/wire/frame-line.ts';
import { FRAME } from '../support/stream-frames.ts';
import { REPORT } from '../support/wire-values.ts';

test('a frame is the same after its way over the line', () => {
  const line = encodeFrame({ ...FRAME, spectrum: null });
  assert.ok(isFrameLine(line));
  assert.deepEqual(parseFrame(line), { ...FRAME, spectrum: null });
  assert.deepEqual(parseFrame(encodeFrame(FRAME)), FRAME);
});

test('what is no frame is none', () => {
  assert.equal(isFrameLine(JSON.stringify(REPORT)), false);
  assert.ok(FRAME.window);
  const broken = [
    { ...FRAME, rack_id: -1 },
    { ...FRAME, type: 'report' },
    { ...FRAME, window: { ...FRAME.window, slots: 'rlx' } },
    { ...FRAME, window: { ...FRAME.window, in_phase: [1] } },
    { ...FRAME, window: { ...FRAME.window, slots: 'r'.repeat(5000) } },
  ];
  for (const value of broken) assert.equal(parseFrame(JSON.stringify(value)), null);
  for (const text of ['', '{"type":"frame",', 'null', '[]']) assert.equal(parseFrame(text), null);
});
