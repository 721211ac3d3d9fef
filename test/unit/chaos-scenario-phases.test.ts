import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScenario } from '../../src/chaos/scenario/parse-scenario.ts';
import type { InjectStep } from '../../src/chaos/scenario/scenario.ts';
import { atSpeed, fastestSpeed } from '../../src/chaos/scenario/speed.ts';
import { ConfigError } from '../../src/config/load.ts';
import { describeImpairment } from '../../src/netem/impairment-text.ts';
import { MAX_PHASES } from '../../src/wire/injection-schema.ts';

function scenarioOf(step: string, head = '') {
  return parseScenario(`name: x\n${head}\nsteps:\n  - ${step}\n`, 'story.yaml');
}

function stepOf(step: string): InjectStep {
  const [first] = scenarioOf(step).steps;
  assert.ok(first?.kind === 'inject');
  return first;
}

/** `2 s: loss 5 %` */
function phaseTexts({ phases }: InjectStep): readonly string[] {
  return phases.map(
    ({ seconds, impairment }) => `${seconds} s: ${impairment ? describeImpairment(impairment) : 'nothing'}`,
  );
}

test('a ramp begins with "from", takes equal steps, and holds "to" to the end', () => {
  const step = stepOf('{ on: all, ramp: { over: 60s, steps: 3, from: { loss: 0 }, to: { loss: 30 } }, for: 75s }');
  assert.deepEqual(phaseTexts(step), ['20 s: nothing', '20 s: loss 10 %', '20 s: loss 20 %', '15 s: loss 30 %']);
  assert.equal(step.durationSeconds, 75);
  assert.equal(step.repeats, false);
});

test('a ramp that is over when "to" is reached has no last phase', () => {
  const step = stepOf('{ on: all, ramp: { over: 4s, steps: 2, from: { loss: 10% }, to: { loss: 30% } } }');
  assert.deepEqual(phaseTexts(step), ['2 s: loss 10 %', '2 s: loss 20 %']);
  assert.equal(step.durationSeconds, 4);
});

test('a ramp moves what it names, downwards too, and leaves the rest as it is', () => {
  const step = stepOf(
    '{ on: all, inject: { jitter: 5ms, corrupt: 1 }, ramp: { over: 4s, steps: 2, from: { delay: 20ms, rate: 1mbit }, to: { delay: 10ms, rate: 3mbit } }, for: 6s }',
  );
  assert.deepEqual(phaseTexts(step), [
    '2 s: delay 20 ms ± 5 ms, corrupt 1 %, rate 1 Mbit/s',
    '2 s: delay 15 ms ± 5 ms, corrupt 1 %, rate 2 Mbit/s',
    '2 s: delay 10 ms ± 5 ms, corrupt 1 %, rate 3 Mbit/s',
  ]);
});

test('the steps of a ramp are exact, however many; the longest one fits in an injection', () => {
  const step = stepOf(
    '{ on: all, ramp: { over: 1000s, steps: 1000, from: { delay: 0 }, to: { delay: 500ms } }, for: 1001s }',
  );
  assert.equal(step.phases.length, 1001);
  assert.ok(step.phases.length <= MAX_PHASES);
  for (const [n, { seconds, impairment }] of step.phases.entries()) {
    assert.equal(seconds, 1);
    assert.equal(impairment?.delay?.seconds ?? 0, Math.round((n / 1000) * 0.5 * 1e9) / 1e9);
  }
});

test('without a number of steps, a ramp takes 20', () => {
  assert.equal(stepOf('{ on: all, ramp: { over: 1m, from: { loss: 1 }, to: { loss: 2 } } }').phases.length, 20);
});

test('a pulse is two phases that repeat, the fault first', () => {
  const step = stepOf('{ on: all, inject: { delay: 300ms }, pulse: { every: 5s, for: 300ms }, for: 1m }');
  assert.deepEqual(phaseTexts(step), ['0.3 s: delay 300 ms', '4.7 s: nothing']);
  assert.equal(step.repeats, true);
  assert.equal(step.durationSeconds, 60);
});

test('speed divides pauses, faults, ramps and pulses, and not what is expected', () => {
  const scenario = parseScenario(
    `
name: x
steps:
  - { after: 4s, wait: 10s }
  - parallel:
      - { on: { racks: 0 }, inject: { loss: 5 }, pulse: { every: 4s, for: 1s }, for: 40s, expect: { status: warning, within: 10s } }
      - { on: { racks: 1 }, ramp: { over: 10s, steps: 2, from: { loss: 1 }, to: { loss: 3 } }, for: 30s }
  - { repeat: 2, steps: [{ after: 2s, expect: { status: healthy, within: 20s, for: 5s } }] }
`,
    'story.yaml',
  );
  const [wait, parallel, group] = atSpeed(scenario, 2).steps;
  assert.ok(wait?.kind === 'wait' && wait.afterSeconds === 2 && wait.waitSeconds === 5);
  assert.ok(parallel?.kind === 'parallel');
  const [pulse, ramp] = parallel.steps;
  assert.ok(pulse?.kind === 'inject' && ramp?.kind === 'inject');
  assert.deepEqual(phaseTexts(pulse), ['0.5 s: loss 5 %', '1.5 s: nothing']);
  assert.equal(pulse.durationSeconds, 20);
  assert.equal(pulse.expectations[0]?.withinSeconds, 10);
  assert.deepEqual(phaseTexts(ramp), ['2.5 s: loss 1 %', '2.5 s: loss 2 %', '10 s: loss 3 %']);
  assert.ok(group?.kind === 'group' && group.rounds === 2);
  const [expect] = group.steps;
  assert.ok(expect?.kind === 'expect' && expect.afterSeconds === 1);
  assert.deepEqual([expect.expectations[0]?.withinSeconds, expect.expectations[0]?.holdSeconds], [20, 5]);
  assert.equal(atSpeed(scenario, 1), scenario);
});

test('a scenario is not told faster than what it expects can be seen, nor than it says itself', () => {
  const expecting = scenarioOf('{ on: all, inject: { loss: 5 }, for: 50s, expect: { status: warning, within: 20s } }');
  assert.equal(fastestSpeed(expecting), 2.5);
  assert.equal(fastestSpeed(scenarioOf('{ wait: 1s }')), 100);
  assert.equal(fastestSpeed(scenarioOf('{ wait: 1s }', 'max_speed: 1')), 1);
  assert.throws(
    () => atSpeed(scenarioOf('{ wait: 1s }', 'max_speed: 1'), 2),
    new ConfigError(['--speed: got 2, allowed: at most 1 for "x": its max_speed is 1']),
  );
  assert.throws(
    () => atSpeed(expecting, 3),
    new ConfigError([
      '--speed: got 3, allowed: at most 2.5 for "x": what it expects could not be seen in the time that is left',
    ]),
  );
  for (const speed of [0, 0.05, 101, Number.NaN]) {
    assert.throws(() => atSpeed(expecting, speed), /--speed: got .*, allowed: a number from 0.1 to 100/);
  }
  assert.equal(atSpeed(expecting, 0.5).steps[0]?.kind, 'inject');
});
