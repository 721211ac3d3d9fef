import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as text from '../../src/terminal/number-text.ts';

function table<T>(format: (value: T) => string, rows: readonly (readonly [T, string])[]): void {
  for (const [value, expected] of rows) assert.equal(format(value), expected, String(value));
}

test('spectral error: three decimals', () => {
  table(text.errorText, [
    [null, '–'],
    [0, '0.000'],
    [0.00049, '0.000'],
    [0.0012345, '0.001'],
    [0.42, '0.420'],
    [1, '1.000'],
  ]);
});

test('signal to noise', () => {
  table(text.snrText, [
    [null, '–'],
    [38.25, '38.3'],
    [-12.34, '−12.3'],
    [-250.4, '−250'],
    [Infinity, '∞'],
  ]);
});

test('percent', () => {
  table(text.percentText, [
    [null, '–'],
    [0, '0.0'],
    [0.199, '19.9'],
    [0.9996, '100'],
  ]);
});

test('milliseconds: three digits', () => {
  table(text.millisecondsText, [
    [null, '–'],
    [0.00004, '0.04'],
    [0.009996, '10.0'],
    [0.0123, '12.3'],
    [0.09996, '100'],
    [1.2345, '1235'],
  ]);
});

test('a score has three decimals', () => {
  table(text.scoreText, [
    [null, '–'],
    [0.99996, '1.000'],
    [1, '1.000'],
    [0.749, '0.749'],
  ]);
});

test('durations in one unit', () => {
  table(text.durationText, [
    [-3, '0.0 s'],
    [4.23, '4.2 s'],
    [42.4, '42 s'],
    [300, '5 min'],
    [7200, '2 h'],
    [200_000, '2 d'],
  ]);
});
