import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FAULT_KINDS, type FaultKind } from '../../src/core/verdict.ts';
import { faultCertainty, faultClause, faultName, faultPhrase, rackFaultPhrase } from '../../src/words/fault-words.ts';
import { compareFaults } from '../../src/words/worst-first.ts';

/** Of each kind a fault as the detectors tell it, what a line says of it, and what a sentence does. */
const TOLD: readonly (readonly [FaultKind, Readonly<Record<string, number>>, phrase: string, clause: string])[] = [
  ['silent', { silent_seconds: 4.2 }, 'silent', 'nothing is heard of it'],
  ['loss', { loss_ratio: 0.0517 }, 'loss 5.2 %', '5.2 % of its packets are lost'],
  [
    'burst-loss',
    { loss_ratio: 0.01, mean_run: 7.96 },
    'loss 1.0 % in bursts of 8',
    '1.0 % of its packets are lost, in bursts of 8',
  ],
  ['periodic-loss', { period_seconds: 3, p_value: 1e-9 }, 'loss every 3.0 s', 'packets of it are lost every 3.0 s'],
  ['delay-shift', { shift_seconds: 0.005 }, 'delay +5.0 ms', 'its packets come 5.0 ms later than usual'],
  ['delay-shift', { shift_seconds: -0.137 }, 'delay −137 ms', 'its packets come 137 ms earlier than usual'],
  ['jitter', { jitter_seconds: 0.0304 }, 'jitter 30 ms', 'its packets come unevenly, by 30 ms'],
  [
    'periodic-delay',
    { period_seconds: 5.01, delay_seconds: 0.02, pulse_seconds: 0.3, p_value: 1e-9 },
    'every 5.0 s, 20 ms of delay for 300 ms',
    'it stalls every 5.0 s, by 20 ms for 300 ms',
  ],
  [
    'congestion',
    { queue_seconds: 0.045, growth_ratio: 0.1 },
    'a queue of 45 ms, growing by 100 ms a second',
    'a queue fills up on its way, to 45 ms, growing by 100 ms a second',
  ],
  ['reorder', { reorder_ratio: 0.25 }, 'reordering 25 %', '25 % of its packets are overtaken by others'],
  ['duplicate', { duplicate_ratio: 1 }, 'duplicates 100 %', '100 % of its packets come twice'],
  ['corrupt', { corrupt_ratio: 0.0004 }, 'corruption 0.040 %', '0.040 % of its packets carry wrong values'],
  ['clock-drift', { skew_ppm: 42, change_ppm: 20.3 }, 'clock drift +20 ppm', 'its clock runs off, by +20 ppm'],
  ['conflict', { conflicting_packets: 9 }, 'two agents claim one identity', 'two agents claim its identity'],
  [
    'rack-wide',
    { servers: 4, shift_seconds: 0.005 },
    'shared with its rack (4 servers)',
    'most servers of its rack have the same trouble',
  ],
  [
    'observer',
    { lag_seconds: 0.18 },
    'controller late itself by 180 ms',
    'its rack controller was late itself, by 180 ms',
  ],
];

describe('words of a fault', () => {
  for (const [kind, parameters, phrase, clause] of TOLD) {
    test(`${phrase}; ${clause}`, () => {
      assert.equal(faultPhrase({ kind, parameters }), phrase);
      assert.equal(faultClause({ kind, parameters }), clause);
    });
  }

  test('every kind has a name of its own, and words also where no parameter is known', () => {
    assert.equal(new Set(FAULT_KINDS.map(faultName)).size, FAULT_KINDS.length);
    for (const kind of FAULT_KINDS) {
      for (const text of [
        faultName(kind),
        faultPhrase({ kind, parameters: {} }),
        faultClause({ kind, parameters: {} }),
      ])
        assert.match(text, /^[a-z][a-z ,-]+[a-z]$/, kind);
    }
    assert.equal(TOLD.filter(([kind], i) => TOLD[i - 1]?.[0] !== kind).length, FAULT_KINDS.length);
  });

  test('a number and its unit can be held together', () => {
    assert.equal(faultPhrase({ kind: 'loss', parameters: { loss_ratio: 0.052 } }, '\u202F'), 'loss 5.2\u202F%');
  });

  test('how sure it is', () => {
    const parameters = {};
    assert.equal(faultCertainty({ confidence: 1, parameters: { p_value: 1.2e-9 } }), 'p = 1e−9');
    assert.equal(faultCertainty({ confidence: 1, parameters: { p_value: 0 } }), 'p < 1e−99');
    assert.equal(faultCertainty({ confidence: 1, parameters }), 'sure to 99.9 %');
    assert.equal(faultCertainty({ confidence: 0.5, parameters }), 'sure to 50.0 %');
  });

  test('a fault of a rack counts its servers', () => {
    const fault = {
      kind: 'delay-shift',
      since: 0,
      severity: 'info',
      confidence: 1,
      parameters: { servers: 4, shift_seconds: 0.005 },
      server_ids: [1, 2, 3, 4],
    } as const;
    assert.equal(rackFaultPhrase(fault, 8), 'delay +5.0 ms on 4 of 8 servers');
  });
});

test('the more severe fault comes first, then the older one', () => {
  const faults = [
    { severity: 'info', since: 1 },
    { severity: 'critical', since: 9 },
    { severity: 'warning', since: 2 },
    { severity: 'critical', since: 5 },
  ] as const;
  assert.deepEqual(
    faults.toSorted(compareFaults).map(({ since }) => since),
    [5, 9, 2, 1],
  );
});
