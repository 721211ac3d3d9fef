import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShiftDetector } from '../../../../src/core/detect/shift-detector.ts';

test('a shift that goes back keeps its size to its end', () => {
  const detector = new ShiftDetector(1);
  const sizes: number[] = [];
  for (let i = 0; i < 400; i++) {
    detector.add(i >= 100 && i < 300 ? 0.02 : 0, 1e-4, i / 20);
    if (detector.alarm.isOpen) sizes.push(detector.shiftSeconds);
  }
  assert.ok(sizes.length > 200, 'it is over only once that is sure');
  for (const size of sizes) assert.ok(Math.abs(size - 0.02) < 1e-9, `${size} s`);
  assert.equal(detector.alarm.isOpen, false);
});

test('a shift that becomes another has the size of the newest samples', () => {
  const detector = new ShiftDetector(1);
  for (let i = 0; i < 600; i++) detector.add(i < 100 ? 0 : i < 300 ? 0.02 : 0.012, 1e-4, i / 20);
  assert.ok(detector.alarm.isOpen);
  assert.ok(Math.abs(detector.shiftSeconds - 0.012) < 1e-3, `${detector.shiftSeconds} s`);
});
