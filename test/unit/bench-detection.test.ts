import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measure } from '../../bench/detection/measure.ts';
import { QUICK, readOptions } from '../../bench/detection/options.ts';
import { detectionPage } from '../../bench/detection/page.ts';
import { tradeSvg } from '../../bench/detection/svg.ts';

describe('bench:detection', () => {
  test('a quick run finds every fault, names it right, and tells of none that is not there', () => {
    const results = measure(QUICK, () => undefined);
    for (const { name, kind, missed, names, runs } of results.scores) {
      assert.equal(missed, 0, name);
      assert.deepEqual(names, { [kind]: runs }, name);
    }
    assert.equal(results.rack.namedRight, 1);
    assert.deepEqual(results.clean.alarms, []);
    const page = detectionPage(results);
    for (const { name } of results.scores) assert.ok(page.includes(`| ${name} `), name);
  });

  test('the same seeds give the same figures', () => {
    const figures = () => measure({ ...QUICK, runs: 1, streamDays: 0.01 }, () => undefined).scores;
    assert.deepEqual(figures(), figures());
  });

  test('the picture has a line for each detector and hollow dots where no alarm came', () => {
    const point = { scale: 1, alarmsPer30Days: 3, isLimit: true, medianSeconds: 2 };
    const svg = tradeSvg([{ name: 'loss 2 %', points: [point, { ...point, isLimit: false, alarmsPer30Days: 90 }] }], 1);
    assert.equal(svg.match(/<polyline/g)?.length, 1);
    assert.equal(svg.match(/fill="#fff" stroke/g)?.length, 1);
  });

  test('arguments that make no sense are refused with what was given', () => {
    assert.throws(() => readOptions(['--stream-days', 'many']), /--stream-days: "many" is not a number from/);
    assert.throws(() => readOptions(['--runs', '0']), /--runs: "0"/);
    assert.equal(readOptions(['--help']), 'help');
  });
});
