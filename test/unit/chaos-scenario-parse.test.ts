import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScenario } from '../../src/chaos/scenario/parse-scenario.ts';
import { ConfigError } from '../../src/config/load.ts';

/** Every problem of a scenario, without the file's name. */
function problemsOf(text: string): readonly string[] {
  try {
    parseScenario(text, 'story.yaml');
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map((problem) => {
      assert.ok(problem.startsWith('story.yaml:'), problem);
      return problem.slice('story.yaml:'.length);
    });
  }
  return [];
}

/** A scenario of these steps, which begin in line 3, column 5. */
function withSteps(...steps: readonly string[]): string {
  return `name: x\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
}

const INJECT = 'on: all, inject: { loss: 5 }, for: 10s';

test('a scenario is read with everything that it can say', () => {
  const scenario = parseScenario(
    `
name: everything
description: >
  Two lines
  of text.
seed: 7
max_speed: 2
abort: { dc_health_below: 0.3 }
steps:
  - name: a fault
    after: 5s
    on: { racks: 0, servers: 0-3 }
    inject: { delay: 200ms, jitter: 20ms, distribution: normal, loss: 20% }
    direction: both
    for: 30s
    expect: { status: [warning, critical], spectral_error: { min: 0.1 }, at_least: 2, within: 20s, for: 3s }
  - wait: 1m
  - expect:
      - { on: all, rack_status: healthy, rack_health: { min: 0.9 }, within: 5 }
      - { dc_health: { max: 1 }, within: 5s }
      - { on: { servers: [1, 3] }, fault: loss, within: 5s }
  - repeat: 3
    steps:
      - parallel:
          - { on: { racks: 0 }, inject: { rate: 1mbit }, for: 10s, pulse: { every: 2s, for: 500ms } }
          - { on: { racks: '1,2' }, ramp: { over: 4s, steps: 2, from: { delay: 0 }, to: { delay: 10ms } } }
`,
    'story.yaml',
  );
  assert.deepEqual(
    { ...scenario, steps: scenario.steps.map(({ kind }) => kind) },
    {
      name: 'everything',
      description: 'Two lines of text.',
      seed: 7,
      maxSpeed: 2,
      abortBelow: 0.3,
      steps: ['inject', 'wait', 'expect', 'group'],
    },
  );
  const [inject, , expect, group] = scenario.steps;
  assert.deepEqual(inject, {
    kind: 'inject',
    name: 'a fault',
    afterSeconds: 5,
    on: { racks: [0], servers: [0, 1, 2, 3] },
    phases: [
      {
        seconds: 30,
        impairment: {
          delay: { seconds: 0.2, jitterSeconds: 0.02, distribution: 'normal', correlation: 0 },
          loss: { model: 'random', ratio: 0.2 },
          corruptRatio: null,
          duplicateRatio: null,
          reorder: null,
          rateBitsPerSecond: null,
          limitPackets: null,
        },
      },
    ],
    durationSeconds: 30,
    repeats: false,
    direction: 'both',
    expectations: [
      {
        of: 'servers',
        on: null,
        atLeast: 2,
        demand: {
          statuses: ['warning', 'critical'],
          fault: null,
          numbers: [{ name: 'spectral_error', bounds: { min: 0.1, max: null } }],
        },
        withinSeconds: 20,
        holdSeconds: 3,
      },
    ],
  });
  assert.ok(expect?.kind === 'expect');
  assert.deepEqual(
    expect.expectations.map(({ of, on, demand }) => ({ of, on, fault: demand.fault })),
    [
      { of: 'racks', on: { racks: null, servers: null }, fault: null },
      { of: 'datacenter', on: null, fault: null },
      { of: 'servers', on: { racks: null, servers: [1, 3] }, fault: 'loss' },
    ],
  );
  assert.ok(group?.kind === 'group' && group.rounds === 3);
  const [parallel] = group.steps;
  assert.ok(parallel?.kind === 'parallel');
  assert.deepEqual(
    parallel.steps.map((step) => step.kind === 'inject' && [step.repeats, step.durationSeconds, step.phases.length]),
    [
      [true, 10, 2],
      [false, 4, 2],
    ],
  );
});

const BAD: readonly (readonly [rule: string, text: string, problems: readonly string[]])[] = [
  ['an empty file', '', ['1:1: got null, allowed: keys and values: name, description, seed, max_speed, abort, steps']],
  ['no YAML', 'name: "x\nsteps: []\n', ['3:1: not YAML: Missing closing "quote']],
  ['a key twice', `name: x\nname: y\nsteps: [{ wait: 1s }]\n`, ['2:1: this key is there twice, allowed: once']],
  ['a second document', 'name: x\n---\nname: y\n', ['2:1: a second document begins here, allowed: one']],
  [
    'anchors and aliases',
    'name: &a x\ndescription: *a\nsteps: [{ wait: 1s }]\n',
    [
      '1:10: anchors and aliases are not allowed: write it out',
      '2:14: anchors and aliases are not allowed: write it out',
    ],
  ],
  ['a tag', 'name: !secret x\n', ['1:7: not YAML: Unresolved tag: !secret']],
  ['a key that is no text', 'name: x\n1: y\nsteps: [{ wait: 1s }]\n', ['2:1: this is no key, allowed: text']],
  [
    'what is nested deeply',
    `name: ${'['.repeat(30)}${']'.repeat(30)}\n`,
    ['1:31: nested too deeply, allowed: 24 levels'],
  ],
  ['what would exhaust a parser', `name: ${'['.repeat(50_000)}`, ['1:1: nested too deeply, allowed: 24 levels']],
  ['a huge file', `name: ${'x'.repeat(70_000)}`, ['1:1: got 70006 bytes, allowed: at most 65536']],
  ['a file without steps', 'name: x\n', ['1:1: steps: it is missing']],
  ['no steps in it', 'name: x\nsteps: []\n', ['2:8: steps: got [], allowed: at least one step']],
  [
    'an unknown key',
    'nam: x\nsteps: [{ wait: 1s }]\n',
    ['1:1: name: it is missing', '1:1: nam: unknown key, nearest: name'],
  ],
  [
    'numbers out of range',
    'name: x\nseed: 1.5\nmax_speed: 0.5\nabort: { dc_health_below: 2 }\nsteps: [{ wait: 1s }]\n',
    [
      '2:7: seed: got 1.5, allowed: a whole number from 0 to 4294967295',
      '3:12: max_speed: got 0.5, allowed: a number from 1 to 100',
      '4:27: abort.dc_health_below: got 2, allowed: a number from 0 to 1',
    ],
  ],
  [
    'a name that is none',
    'name: 5\ndescription: ""\nsteps: [{ wait: 1s }]\n',
    [
      '1:7: name: got 5, allowed: 1 to 200 printable characters on one line',
      '2:14: description: got "", allowed: 1 to 1000 characters of text',
    ],
  ],
  [
    'a step of no kind',
    withSteps('{ wiat: 3s }', '{ on: all }', '5'),
    [
      '3:5: step 1: got {"wiat":"3s"}, allowed: a step with one of inject, ramp, wait, expect, parallel, steps; is "wiat" meant to be "wait"?',
      '4:5: step 2: got {"on":"all"}, allowed: a step with one of inject, ramp, wait, expect, parallel, steps',
      '5:5: step 3: got 5, allowed: a step: an object with one of inject, ramp, wait, expect, parallel, steps',
    ],
  ],
  [
    'keys that do not go together',
    withSteps(`{ ${INJECT}, wait: 3s }`, '{ wait: 3s, on: all }'),
    [
      '3:47: step 1: wait: not in a step with "inject"; make it a step of its own, or leave it out',
      '4:17: step 2: on: not in a step with "wait"; make it a step of its own, or leave it out',
    ],
  ],
  [
    'durations',
    withSteps('{ wait: 0 }', '{ wait: 25h }', '{ wait: 3x, after: -1s }'),
    [
      '3:13: step 1: wait: got 0, allowed: a duration from 1ms to 24h, as 300ms, 5s or 2m',
      '4:13: step 2: wait: got "25h", allowed: a duration from 1ms to 24h, as 300ms, 5s or 2m',
      '5:13: step 3: wait: got "3x", allowed: a duration from 1ms to 24h, as 300ms, 5s or 2m',
      '5:24: step 3: after: got "-1s", allowed: a duration up to 24h, as 300ms, 5s or 2m',
    ],
  ],
  [
    'whom it is about',
    withSteps(
      '{ on: some, inject: { loss: 5 }, for: 1s }',
      '{ on: { rack: 0 }, inject: { loss: 5 }, for: 1s }',
      '{ on: { racks: 3-1 }, inject: { loss: 5 }, for: 1s }',
      '{ on: {}, inject: { loss: 5 }, for: 1s }',
      '{ inject: { loss: 5 }, for: 1s }',
    ),
    [
      '3:11: step 1: on: got "some", allowed: all, or for example { racks: 0, servers: 0-3 }',
      '4:13: step 2: on.rack: unknown key, nearest: racks',
      '5:20: step 3: on.racks: got "3-1", allowed: ids from 0 to 65535: 3, 0-3, "1,3,5-7" or [1, 3]',
      '6:11: step 4: on: got {}, allowed: racks, servers, or both; or just: all',
      '7:5: step 5: on: it is missing',
    ],
  ],
  [
    'faults',
    withSteps(
      '{ on: all, inject: { los: 5 }, for: 1s }',
      '{ on: all, inject: { loss: 120, jitter: 5ms }, for: 1s }',
      '{ on: all, inject: {}, for: 1s }',
      '{ on: all, inject: { loss: [5] } }',
      '{ on: all, inject: { loss: 5 }, direction: sideways, for: 1s }',
      '{ on: all, inject: { loss: 5 } }',
    ),
    [
      '3:26: step 1: inject.los: unknown key, nearest: loss',
      '4:32: step 2: inject.loss: got 120, allowed: per cent above 0 (at least 0.0000001) and at most 100, like 20, 20% or 0.5%',
      '4:45: step 2: inject.jitter: got "5ms", allowed: only with a delay that is at least as long, about which it varies',
      '5:24: step 3: inject.delay: it is not there, allowed: at least one of delay (above 0), loss, loss_model, corrupt, duplicate, reorder and rate',
      '6:32: step 4: inject.loss: got [5], allowed: a value as its flag takes it, such as 200ms, 20 or 1mbit',
      '7:48: step 5: direction: got "sideways", allowed: egress, ingress, both',
      '8:5: step 6: for: it is missing',
    ],
  ],
  [
    'ramps',
    withSteps(
      '{ on: all, ramp: { over: 9s, from: { loss: 0, limit: 1 }, to: { loss: 9 } } }',
      '{ on: all, ramp: { over: 9s, from: { delay: 5ms, rate: 1mbit }, to: { delay: 1s, loss: 3 } } }',
      '{ on: all, ramp: { over: 9s, from: { loss: 0 }, to: { loss: 130 } } }',
      '{ on: all, ramp: { over: 9s, from: {}, to: {} } }',
      '{ on: all, inject: { loss: 5 }, ramp: { over: 9s, from: { loss: 0 }, to: { loss: 9 } }, for: 5s }',
      '{ on: all, ramp: { over: 9s, steps: 5000, from: { loss: 0 } } }',
      '{ on: all, inject: { jitter: 9ms }, ramp: { over: 9s, from: { delay: 0 }, to: { delay: 20ms } } }',
    ),
    [
      '3:51: step 1: ramp.from.limit: a ramp cannot move this, allowed: delay, jitter, correlation, loss, corrupt, duplicate, reorder, rate',
      '4:60: step 2: ramp.from.rate: got "1mbit", allowed: "rate" stands only in "from": it must be in both',
      '4:82: step 2: ramp.to.delay: got "1s", allowed: numbers of one unit in "from" and "to", or 0; "from" has "5ms"',
      '4:92: step 2: ramp.to.loss: got 3, allowed: "loss" stands only in "to": it must be in both',
      '5:65: step 3: ramp.to.loss: got 130, allowed: per cent above 0 (at least 0.0000001) and at most 100, like 20, 20% or 0.5% (on the way it is 104)',
      '6:48: step 4: ramp.to: got {}, allowed: something to move: delay, jitter, correlation, loss, corrupt, duplicate, reorder, rate',
      '7:32: step 5: inject.loss: got 5, allowed: the ramp moves it: leave it out here',
      '7:98: step 5: for: got "5s", allowed: at least the "over" of its ramp',
      '8:22: step 6: ramp.to: it is missing',
      '8:41: step 6: ramp.steps: got 5000, allowed: a whole number from 1 to 1000',
      '9:34: step 7: inject.jitter: got "9ms", allowed: only with a delay that is at least as long, about which it varies',
    ],
  ],
  [
    'pulses',
    withSteps(
      '{ on: all, inject: { loss: 5 }, pulse: { every: 3s, for: 3s }, for: 10s }',
      '{ on: all, inject: { loss: 5 }, pulse: { every: 30s, for: 3s }, for: 10s }',
      '{ on: all, ramp: { over: 9s, from: { loss: 0 }, to: { loss: 9 } }, pulse: { every: 3s, for: 1s } }',
    ),
    [
      '3:62: step 1: pulse.for: got "3s", allowed: less than its "every"',
      '4:74: step 2: for: got "10s", allowed: at least the "every" of its pulse',
      '5:79: step 3: pulse: got {"every":"3s","for":"1s"}, allowed: either a ramp or a pulse',
    ],
  ],
  [
    'expectations',
    withSteps(
      '{ expect: { status: well, within: 3s } }',
      '{ expect: { within: 3s } }',
      '{ expect: { status: healthy } }',
      '{ expect: { status: healthy, dc_health: { max: 1 }, within: 3s } }',
      '{ expect: { fault: lost, within: 3s } }',
      '{ expect: { snr_db: {}, within: 3s } }',
      '{ expect: { snr_db: { min: 3, max: 1 }, within: 3s } }',
      '{ expect: { status: healthy, for: 5s, within: 3s } }',
      '{ expect: { dc_health: { max: 1 }, at_least: 1, within: 3s } }',
      '{ expect: [] }',
      '{ expect: { status: [healthy, 5], within: 3s } }',
      `{ ${INJECT}, expect: { status: warning, within: 11s } }`,
    ),
    [
      '3:25: step 1: expect.status: got "well", allowed: healthy, warning, critical, warming, silent, or a list of these',
      '4:15: step 2: expect: got {"within":"3s"}, allowed: something to look at: status, fault, spectral_error, snr_db, loss_ratio, delay_seconds, jitter_seconds, clock_skew_ppm, rack_status, rack_health, dc_status, dc_health',
      '5:15: step 3: expect.within: it is missing',
      '6:15: step 4: expect: got {"status":"healthy","dc_health":{"max":1},"within":"3s"}, allowed: what is expected of servers (status, fault, spectral_error, snr_db, loss_ratio, delay_seconds, jitter_seconds, clock_skew_ppm), of racks (rack_status, rack_health) or of the datacenter (dc_status, dc_health), each in an expectation of its own',
      '7:24: step 5: expect.fault: got "lost", allowed: silent, loss, burst-loss, periodic-loss, delay-shift, jitter, periodic-delay, congestion, reorder, duplicate, corrupt, clock-drift, conflict, rack-wide, observer',
      '8:25: step 6: expect.snr_db: got {}, allowed: min, max, or both',
      '9:25: step 7: expect.snr_db: got {"min":3,"max":1}, allowed: a min that is at most the max',
      '10:15: step 8: expect: got {"status":"healthy","for":"5s","within":"3s"}, allowed: a "for" that is at most its "within"',
      '11:15: step 9: expect: got {"dc_health":{"max":1},"at_least":1,"within":"3s"}, allowed: neither "on" nor "at_least": there is one datacenter',
      '12:15: step 10: expect: got [], allowed: at least one expectation',
      '13:35: step 11: expect.status[1]: got 5, allowed: healthy, warning, critical, warming, silent, or a list of these',
      '14:55: step 12: expect: got {"status":"warning","within":"11s"}, allowed: a "within" of at most 10 s: then the fault is over',
    ],
  ],
  [
    'problems deep inside',
    withSteps(`{ repeat: 0, steps: [{ parallel: [{ wait: x }, { ${INJECT}, gap: 3 }] }] }`),
    [
      '3:15: step 1: repeat: got 0, allowed: a whole number from 1 to 1000',
      '3:47: step 1.1.1: wait: got "x", allowed: a duration from 1ms to 24h, as 300ms, 5s or 2m',
      '3:94: step 1.1.2: gap: unknown key, nearest: ramp',
    ],
  ],
  [
    'parallel steps on the same servers',
    withSteps(
      `{ parallel: [{ on: { racks: 0 }, inject: { loss: 5 }, for: 1s }, { steps: [{ on: { servers: 3 }, inject: { loss: 5 }, for: 1s }] }] }`,
    ),
    [
      '3:70: step 1.2: got {"steps":[{"on":{"servers":3},"inject":{"loss":5},"for":"1s"}]}, allowed: other servers than number 1 of these parallel steps: on one server, one fault would take the place of the other',
    ],
  ],
  [
    'a story without an end',
    withSteps('{ repeat: 1000, steps: [{ wait: 23h }, { wait: 1s }] }'),
    [
      '3:3: steps: got [{"repeat":1000,"steps":[{"wait":"23h"},{"wait":"1s"}]}], allowed: at most 1000 steps, rounds counted: these are 2000',
      '3:3: steps: got [{"repeat":1000,"steps":[{"wait":"23h"},{"wait":"1s"}]}], allowed: a story of at most 24 h: this one takes 23000 h',
    ],
  ],
];

for (const [rule, text, problems] of BAD) {
  test(`refused, and said where and why: ${rule}`, () => {
    assert.deepEqual(problemsOf(text), problems);
  });
}

test('however many problems there are, not all of them are told', () => {
  const text = withSteps(...Array.from({ length: 60 }, () => '{ wait: 0 }'));
  assert.throws(
    () => parseScenario(text, 'story.yaml'),
    (error) =>
      error instanceof ConfigError && error.problems.length === 50 && error.problems[49] === '… and 11 more problems',
  );
});
