import assert from 'node:assert/strict';
import { test } from 'node:test';
import { centreSpectrum } from '../../src/web/server/frequency-axis.ts';
import { heardOf } from '../../src/web/server/heard.ts';
import { historyColumns } from '../../src/web/server/history-columns.ts';
import { bandsSentence, historySentence, historyWords } from '../../src/web/server/history-words.ts';
import { keyFigures } from '../../src/web/server/key-figures.ts';
import { findFamily } from '../../src/web/server/line-families.ts';
import { meanSpectrum } from '../../src/web/server/mean-spectrum.ts';
import { slotMarks } from '../../src/web/server/slot-states.ts';
import { slotsSentence, slotWords } from '../../src/web/server/slot-words.ts';
import { findLines } from '../../src/web/server/spectral-lines.ts';
import {
  lineItems,
  lineLabels,
  linesSentence,
  readingWords,
  spectrumSentence,
} from '../../src/web/server/spectrum-words.ts';
import { steadyPeriodSeconds } from '../../src/web/server/steady-period.ts';
import { FrameRing } from '../../src/web/store/frame-ring.ts';
import type { StreamFrame } from '../../src/wire/api/frame.ts';
import { frameOf, spectrumOf, windowOf } from '../support/web-frames.ts';
import { VERDICT } from '../support/web-verdict.ts';

const plain = (text: string | null | undefined) => text?.replaceAll('\u202f', ' ');

const STALLED = spectrumOf({ toneHz: 1, network: (elapsed) => (elapsed % 5 < 0.5 ? 0.5 : 0) });

const OFTEN_STALLED = spectrumOf({ toneHz: 1, network: (elapsed) => (elapsed % 2 < 0.3 ? 0.3 : 0) });
const CLEAN = spectrumOf({ toneHz: 1 });

function ringOf(times: readonly number[], spectrum: (at: number) => StreamFrame['spectrum']): FrameRing {
  const ring = new FrameRing();
  for (const at of times) ring.push(frameOf(at, spectrum(at)));
  return ring;
}

test('the figures of a verdict carry units, and a dash where nothing is known', () => {
  const figures = Object.fromEntries(keyFigures(VERDICT).map(({ name, value }) => [name, plain(value)]));
  assert.deepEqual(figures, {
    Error: '21.3 %',
    SNR: '5.70 dB',
    Loss: '20.0 %',
    'Delay change': '+2.10 ms',
    Jitter: '–',
    'Clock skew': '−12.3 ppm',
    Rate: '20.0 Hz',
    Tone: '3.25 Hz',
  });
  assert.ok(keyFigures(null).every(({ value }) => value === '–'));
  const silent = keyFigures({ ...VERDICT, status: 'silent', spectral_error: 1 });
  assert.deepEqual(
    silent.map(({ value }) => plain(value)),
    ['100 %', '–', '–', '–', '–', '–', '20.0 Hz', '3.25 Hz'],
  );
});

test('a stall is told once: its first pair is labelled, both lines of an order stand together', () => {
  const spectrum = centreSpectrum(STALLED);
  const lines = findLines(spectrum);
  const family = findFamily(lines, spectrum.binWidthHz);
  const labels = lineLabels(lines, family).map(({ words }) => words.map(plain));
  assert.deepEqual(
    labels.map(([, period]) => plain(period)),
    ['every 5.0 s', 'every 5.0 s'],
  );
  assert.deepEqual(new Set(labels.map(([offset]) => offset?.slice(0, 3))), new Set(['+0.', '−0.']));
  assert.match(
    linesSentence(lines, { family, isSteady: true }),
    /^\d+ lines are multiples of .*: something happens every 5\.0.s\.$/,
  );
  assert.match(linesSentence(lines, { family, isSteady: false }), /: of a period of 5\.0.s, if it is still there/);
  const items = lineItems(lines, family);
  assert.ok(items.length <= lines.length / 2 + 1);
  assert.match(items[0] ?? '', /^±1 × 0\.\d+.Hz, −\d/);
  assert.match(spectrumSentence(spectrum, lines), /noise floor at −.*lines above the floor/);
});

test('a line alone tells its own period, and no line says so', () => {
  const line = { offsetHz: -0.5, powerDb: -20, periodSeconds: 2 };
  assert.match(
    plain(linesSentence([line], { family: null, isSteady: false })) ?? '',
    /A line −0.500 Hz from the tone: something with a period of 2.0 s/,
  );
  assert.deepEqual(
    lineLabels([line], null).map(({ words }) => words.map(plain)),
    [['−0.500 Hz', '2.0 s']],
  );
  assert.match(linesSentence([], { family: null, isSteady: false }), /nothing periodic is heard/);
  assert.match(spectrumSentence(null, []), /No spectrum yet/);
});

test('a place of the spectrum reads as frequency, power and period', () => {
  assert.equal(
    plain(readingWords({ offsetHz: 0.2, powerDb: -32.14 }, { toneHz: 1.35 })),
    '+0.200 Hz (1.55 Hz) · −32.1 dB · period 5.00 s',
  );
  assert.match(readingWords({ offsetHz: 0, powerDb: 0 }, { toneHz: 1 }), /the tone$/);
});

test('the mean of a minute lies between its frames, and few frames have none', () => {
  const frames = new FrameRing();
  const quiet = spectrumOf({ toneHz: 1 });
  for (let at = 0; at < 4; at++) frames.push(frameOf(at, quiet));
  assert.equal(meanSpectrum(frames), null);
  for (let at = 4; at < 8; at++) frames.push(frameOf(at, STALLED));
  const mean = meanSpectrum(frames);
  const stalled = centreSpectrum(STALLED);
  assert.ok(mean);
  // Beside the tone there is nothing in the quiet half of the frames: the mean is half of what is in the others.
  const beside = [...stalled.powerDb.keys()].filter(
    (bin) => (stalled.powerDb[bin] ?? 0) > -60 && Math.abs(stalled.offsetsHz[bin] ?? 0) > 0.3,
  );
  assert.ok(beside.length > 20, `${beside.length} bins`);
  for (const bin of beside) {
    const half = (stalled.powerDb[bin] ?? 0) - 10 * Math.log10(2);
    assert.ok(Math.abs((mean.powerDb[bin] ?? 0) - half) < 0.1, `bin ${bin}`);
  }
});

test('slots are counted in a sentence, and each reads by itself', () => {
  const marks = slotMarks(windowOf('rrlw', [0, 0.062, null, null]));
  assert.equal(
    plain(slotsSentence(marks)),
    'The newest 4 slots: 1 in time, 1 late, 1 lost, 1 awaited. The most late sample came 62.0 ms after it was due.',
  );
  assert.match(plain(marks[1] && slotWords(marks[1])) ?? '', /^\d\d:\d\d:\d\d\.900 · late · lateness 62.0 ms$/);
  assert.match(slotsSentence([]), /nothing was heard/);
});

test('a frame tells what came late, and what repeats', () => {
  const frame = { ...frameOf(1, STALLED), window: windowOf('rrlw', [0, 0.062, null, null]) };
  const frames = ringOf([0, 6.5, 13], () => STALLED);
  const heard = heardOf(frame, frames);
  assert.equal(heard?.lateRatio, 0.25);
  assert.equal(heard.worstLatenessSeconds, 0.062);
  assert.ok(Math.abs((heard.periodSeconds ?? 0) - 5) < 0.25);
  assert.equal(heardOf(frameOf(1, STALLED), frames), null);
  assert.equal(heardOf(null, frames), null);
});

test('a period is told once windows of a whole length agree on it', () => {
  assert.ok(Math.abs((steadyPeriodSeconds(ringOf([0, 6.5, 13], () => STALLED)) ?? 0) - 5) < 0.25);
  assert.equal(steadyPeriodSeconds(ringOf([0, 6, 12], () => STALLED)), null, 'no whole window has passed');
  assert.equal(steadyPeriodSeconds(ringOf([0, 6.5, 13], (at) => (at === 0 ? CLEAN : STALLED))), null);
  assert.equal(steadyPeriodSeconds(ringOf([0, 6.5, 13], (at) => (at === 6.5 ? OFTEN_STALLED : STALLED))), null);
  assert.equal(steadyPeriodSeconds(new FrameRing()), null);
});

test('a moment of the past reads as all its values', () => {
  const columns = historyColumns({
    timestamps: [1000],
    status: ['warning'],
    spectral_error: [0.2],
    snr_db: [6],
    loss_ratio: [0.2],
    delay_seconds: [null],
    jitter_seconds: [0.0012],
  });
  assert.match(plain(historyWords(columns, 0)) ?? '', / · error 20.0 % · loss 20.0 % · delay – · jitter 1.20 ms$/);
  assert.equal(historyWords(columns, null), null);
  assert.match(
    bandsSentence([{ kind: 'chaos', from: 0, until: null, label: 'loss 20 %' }]),
    /^chaos loss 20 %, .* until now$/,
  );
  assert.equal(
    plain(historySentence([{ status: 'healthy', from: 0, until: 300 }])),
    'Status over the last 15 minutes: healthy for 5 min.',
  );
});
