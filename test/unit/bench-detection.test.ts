import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { falseAlarmText } from '../../bench/detection/false-alarm-text.ts';
import { measure } from '../../bench/detection/measure.ts';
import { QUICK, readOptions } from '../../bench/detection/options.ts';
import { detectionPage } from '../../bench/detection/page.ts';
import { tradeSvg } from '../../bench/detection/svg.ts';
import { targetsText } from '../../bench/detection/table.ts';

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

  test('what is missed is said, and how sure a count of false alarms is', () => {
    const results = measure({ ...QUICK, runs: 1, streamDays: 0.01 }, () => undefined);
    const [silent] = results.scores;
    assert.ok(silent);
    assert.equal(targetsText({ ...results, scores: [silent] }), 'All 2 rows with a target meet it.');
    const scores = [{ ...silent, namedRight: 0, p95Seconds: null }];
    const missed = '1 of 2 rows with a target meet it. **Missed:** silent (time, name).';
    assert.equal(targetsText({ ...results, scores }), missed);
    const alarm = { kind: 'loss', seed: 1, atSeconds: 5 };
    const text = (alarms: (typeof alarm)[]) =>
      falseAlarmText({ ...results, clean: { streamDays: 30, alarms, streamDaysPerMinute: 40 } });
    // Exact limits of a Poisson count: 3.00 for none, 6.30 for two.
    assert.match(text([]), /^0 false alarms in 30 stream-days: .* below 3\.0; the target is at most 1\./);
    assert.match(text([alarm, alarm]), /^2 false alarms in 30 stream-days \(2 × loss\): .* below 6\.3;/);
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
