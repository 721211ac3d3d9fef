import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binAt, centreSpectrum } from '../../src/web/server/frequency-axis.ts';
import { findFamily } from '../../src/web/server/line-families.ts';
import { findLines, lineThresholdDb, noiseFloorDb } from '../../src/web/server/spectral-lines.ts';
import { spectrumOf } from '../support/web-frames.ts';

const TONES = [1, 1.35, 2.2, 4.35];

/** Every `period` seconds the samples of `stall` seconds come half a second late. */
const stall = (period: number, stallSeconds: number) => (elapsed: number) =>
  elapsed % period < stallSeconds ? 0.5 : 0;

test('a spectrum is turned so that its tone is in the middle, whatever the tone', () => {
  for (const toneHz of TONES) {
    const spectrum = spectrumOf({ toneHz });
    const { offsetsHz, powerDb } = centreSpectrum(spectrum);
    const highest = powerDb.indexOf(Math.max(...powerDb));
    assert.ok(Math.abs(offsetsHz[highest] ?? 1) < 1e-9, `${toneHz} Hz: the tone is at ${offsetsHz[highest]} Hz`);
    assert.ok(Math.abs((offsetsHz[0] ?? 0) + 10) < spectrum.bin_width_hz);
    assert.ok(Math.abs((offsetsHz.at(-1) ?? 0) - 10) <= spectrum.bin_width_hz + 1e-9);
    for (let at = 1; at < offsetsHz.length; at++) {
      assert.ok(Math.abs((offsetsHz[at] ?? 0) - (offsetsHz[at - 1] ?? 0) - spectrum.bin_width_hz) < 1e-9);
    }
  }
});

test('no bin is lost or changed by turning', () => {
  const spectrum = spectrumOf({ toneHz: 4.35, network: stall(5, 0.5) });
  const centred = centreSpectrum(spectrum);
  const rising = (a: number, b: number) => a - b;
  assert.deepEqual([...centred.powerDb].toSorted(rising), spectrum.power_db.toSorted(rising));
  spectrum.power_db.forEach((power, bin) => {
    const hz = spectrum.first_frequency_hz + bin * spectrum.bin_width_hz - 4.35;
    const at = binAt(centred, hz < -10 + 1e-9 ? hz + 20 : hz);
    if (at !== null) assert.equal(centred.powerDb[at], power);
  });
});

test('a bin is found by its offset, and none beyond the spectrum', () => {
  const centred = centreSpectrum(spectrumOf({ toneHz: 1 }));
  assert.equal(centred.offsetsHz[binAt(centred, 0.01) ?? -1], 0);
  assert.equal(binAt(centred, 10.5), null);
  assert.equal(binAt(centred, -10.5), null);
});

test('the noise floor rises with what is lost, and is what the theory says', () => {
  const clean = noiseFloorDb(centreSpectrum(spectrumOf({ toneHz: 1 }))) ?? 0;
  const random = noiseFloorDb(
    centreSpectrum(spectrumOf({ toneHz: 1, network: (_, draw) => (draw.uniform() < 0.2 ? null : 0) })),
  );
  assert.ok(clean < -80, `clean: ${clean} dB`);
  // Of p = 0.2 lost: a noise of p(1 − p) over 256 bins, Hann's 1.5 bins wide, and the median ln 2 of the mean.
  const expected = 10 * Math.log10(((0.2 * 0.8 * 1.5) / 256) * Math.LN2);
  assert.ok(Math.abs((random ?? 0) - expected) < 2, `20 % lost: ${random} dB, expected ${expected} dB`);
});

test('a stall every 5 s shows lines at ±0.2 Hz and their multiples: one family with its period', () => {
  for (const toneHz of TONES) {
    const centred = centreSpectrum(spectrumOf({ toneHz, network: stall(5, 0.5), senderNoiseSeconds: 0.001 }));
    const lines = findLines(centred);
    const family = findFamily(lines, centred.binWidthHz);
    assert.ok(lines.length >= 4, `${toneHz} Hz: ${lines.length} lines`);
    assert.ok(Math.abs((family?.periodSeconds ?? 0) - 5) < 0.25, `${toneHz} Hz: every ${family?.periodSeconds} s`);
  }
});

test('a stall every 2 s is a family of lines 0.5 Hz apart', () => {
  const centred = centreSpectrum(spectrumOf({ toneHz: 1, network: stall(2, 0.2) }));
  const family = findFamily(findLines(centred), centred.binWidthHz);
  assert.ok(Math.abs((family?.spacingHz ?? 0) - 0.5) < 0.01, `${family?.spacingHz} Hz`);
});

test('noise of lost or shaken packets shows hardly a line in a hundred windows', () => {
  let lines = 0;
  for (let seed = 1; seed <= 50; seed++) {
    const lossy = spectrumOf({ toneHz: 1, seed, seconds: 30, network: (_, draw) => (draw.uniform() < 0.2 ? null : 0) });
    const shaken = spectrumOf({ toneHz: 1, seed, seconds: 30, network: (_, draw) => 0.02 * draw.normal() });
    for (const spectrum of [lossy, shaken]) lines += findLines(centreSpectrum(spectrum)).length;
  }
  assert.ok(lines <= 2, `${lines} lines`);
});

test('a clean link shows no line, neither the tone’s own lobe nor what is far below it', () => {
  for (const toneHz of TONES) assert.deepEqual(findLines(centreSpectrum(spectrumOf({ toneHz }))), []);
});

test('an empty window has a floor and no lines', () => {
  const spectrum = spectrumOf({ toneHz: 1 });
  const empty = centreSpectrum({ ...spectrum, power_db: spectrum.power_db.map(() => -150) });
  assert.equal(noiseFloorDb(empty), -150);
  assert.deepEqual(findLines(empty), []);
});

test('lines that have nothing in common are no family', () => {
  const line = (offsetHz: number) => ({
    offsetHz,
    powerDb: -20,
    periodSeconds: 1 / Math.abs(offsetHz),
  });
  assert.equal(findFamily([line(1)], 0.08), null);
  assert.equal(findFamily([line(1), line(1.7)], 0.08), null);
  assert.equal(findFamily([line(-1), line(1)], 0.08)?.spacingHz, 1);
});

test('the more bins, the higher must a line stand', () => {
  assert.ok(lineThresholdDb(256) > 12 && lineThresholdDb(256) < 13);
  assert.ok(lineThresholdDb(1024) > lineThresholdDb(256));
});
