import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScenario } from '../../src/chaos/scenario/parse-scenario.ts';

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
      - { rack_fault: jitter, within: 5s }
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
      { of: 'racks', on: null, fault: 'jitter' },
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
