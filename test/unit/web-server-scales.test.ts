import assert from 'node:assert/strict';
import { test } from 'node:test';
import { niceRange, niceStep, niceTicks, toPixel, toValue } from '../../src/web/server/axis-scale.ts';
import { COLOUR_TABLE, colourIndex, colourText } from '../../src/web/server/colour-map.ts';
import { centreSpectrum } from '../../src/web/server/frequency-axis.ts';
import { FrameRing } from '../../src/web/store/frame-ring.ts';
import { spanChoices, stepSpan } from '../../src/web/server/frequency-span.ts';
import { paintRow, readWaterfall, rowStep } from '../../src/web/server/waterfall-rows.ts';
import { spectrumOf } from '../support/web-frames.ts';

const UP = { low: -120, high: 0, from: 240, to: 0 };

test('values and pixels are each other’s inverse, also on an axis that points up', () => {
  assert.equal(toPixel(UP, 0), 0);
  assert.equal(toPixel(UP, -60), 120);
  assert.equal(toValue(UP, toPixel(UP, -37.5)), -37.5);
  assert.equal(toValue(UP, 500), -120);
  assert.equal(toValue(UP, -500), 0);
});

test('ticks are round and as dense as there is room for', () => {
  assert.deepEqual(niceTicks(UP, 40), [-120, -100, -80, -60, -40, -20, 0]);
  assert.deepEqual(niceTicks({ low: -1, high: 1, from: 0, to: 400 }, 90), [-1, -0.5, 0, 0.5, 1]);
  assert.deepEqual(niceTicks({ low: 0, high: 0.35, from: 0, to: 400 }, 90), [0, 0.1, 0.2, 0.3]);
});

test('a step is the next of 1, 2, 5', () => {
  assert.deepEqual([0.011, 0.2, 3, 6, 10].map(niceStep), [0.02, 0.2, 5, 10, 10]);
});

test('a range holds all values, and is no smaller than the least', () => {
  assert.deepEqual(niceRange([1, 2], { low: -5, high: 5 }), { low: -5, high: 5 });
  const { low, high } = niceRange([-7, 493], { low: -5, high: 5 });
  assert.ok(low <= -7 && high >= 493 && high <= 600);
});

test('colours begin dark, end bright, and rise evenly between', () => {
  const luminance = (step: number) =>
    0.2126 * (COLOUR_TABLE[3 * step] ?? 0) +
    0.7152 * (COLOUR_TABLE[3 * step + 1] ?? 0) +
    0.0722 * (COLOUR_TABLE[3 * step + 2] ?? 0);
  for (let step = 8; step < 256; step += 8) assert.ok(luminance(step) > luminance(step - 8), `step ${step}`);
  assert.equal(colourIndex(-150), 0);
  assert.equal(colourIndex(6), 255);
  assert.equal(colourText(0), 'rgb(252 255 164)');
});

test('a row of a waterfall is brightest at the tone, with more columns than bins and with fewer', () => {
  const spectrum = centreSpectrum(spectrumOf({ toneHz: 1.35 }));
  for (const columns of [64, 256, 512]) {
    const pixels = new Uint8ClampedArray(4 * columns);
    paintRow(pixels, spectrum);
    assert.equal(pixels[4 * Math.floor(columns / 2)], 252, `${columns} columns`);
    assert.equal(pixels[3], 255);
  }
});

test('a waterfall moves on with time: what comes a little late leaves no hole, what is missing does', () => {
  assert.deepEqual(rowStep(100, 100.5), { shift: 1, paint: 1 });
  assert.deepEqual(rowStep(100, 101), { shift: 2, paint: 2 });
  assert.deepEqual(rowStep(100, 108), { shift: 16, paint: 1 });
  assert.deepEqual(rowStep(100, 100.1), { shift: 0, paint: 1 });
  assert.equal(rowStep(100, 90), null);
  // 0.49 s apart, a thousand times: as many rows as time went by.
  let rows = 0;
  for (let frame = 0; frame < 1000; frame++) rows += rowStep(frame * 0.49, (frame + 1) * 0.49)?.shift ?? 0;
  assert.equal(rows, 980);
});

test('a waterfall is read at a time and an offset, and time that is missing reads as nothing', () => {
  const spectrum = spectrumOf({ toneHz: 1 });
  const frames = new FrameRing();
  for (const timestamp of [100, 100.5, 108]) {
    frames.push({ type: 'frame', rack_id: 0, server_id: 0, timestamp, spectrum, window: null });
  }
  assert.equal(readWaterfall(frames, { timestamp: 104, offsetHz: 0 }), null);
  const reading = readWaterfall(frames, { timestamp: 100.6, offsetHz: 0.01 });
  assert.equal(reading?.timestamp, 100.5);
  assert.equal(reading.offsetHz, 0);
  assert.ok(Math.abs(reading.powerDb) < 0.1);
});

test('the frequency axis reaches as far as the slots tell, or less', () => {
  assert.deepEqual(spanChoices(20), [10, 5, 2, 1]);
  assert.deepEqual(spanChoices(18.9), [9.45, 5, 2, 1]);
  assert.equal(stepSpan([10, 5, 2, 1], 5, 1), 2);
  assert.equal(stepSpan([10, 5, 2, 1], 10, -1), 10);
});
