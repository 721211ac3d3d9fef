import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsOf, withSteps } from '../support/scenario-problems.ts';

const INJECT = 'on: all, inject: { loss: 5 }, for: 10s';

const BAD: readonly (readonly [rule: string, text: string, problems: readonly string[]])[] = [
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
      '4:15: step 2: expect: got {"within":"3s"}, allowed: something to look at: status, fault, spectral_error, snr_db, loss_ratio, delay_seconds, jitter_seconds, clock_skew_ppm, rack_status, rack_fault, rack_health, dc_status, dc_health',
      '5:15: step 3: expect.within: it is missing',
      '6:15: step 4: expect: got {"status":"healthy","dc_health":{"max":1},"within":"3s"}, allowed: what is expected of servers (status, fault, spectral_error, snr_db, loss_ratio, delay_seconds, jitter_seconds, clock_skew_ppm), of racks (rack_status, rack_fault, rack_health) or of the datacenter (dc_status, dc_health), each in an expectation of its own',
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
