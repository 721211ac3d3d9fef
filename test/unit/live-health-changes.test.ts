import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../src/core/verdict.ts';
import { HealthChanges, isWorthShowing } from '../../src/datacenter/live/health-changes.ts';
import { aggregateOf, give, rackFaultOf, reportOf, serversOf, START_SECONDS } from '../support/datacenter-reports.ts';
import { VERDICT } from '../support/wire-values.ts';

test('a server is worth showing when people would see a difference', () => {
  const differs = (changes: Partial<Verdict>) => isWorthShowing(VERDICT, { ...VERDICT, ...changes });
  assert.equal(isWorthShowing(undefined, VERDICT), true);
  assert.equal(differs({ last_heard: 5, snr_db: 1, spectral_error: 0.2105, delay_seconds: -0.0009 }), false);
  const [fault] = VERDICT.faults;
  assert.ok(fault);
  const shown: Partial<Verdict>[] = [
    { status: 'silent' },
    { name: 'other' },
    { spectral_error: 0.2115 },
    { spectral_error: null },
    { loss_ratio: 0.052 },
    { delay_seconds: -0.0007 },
    { jitter_seconds: 0.00031 },
    { faults: [] },
    { faults: [{ ...fault, severity: 'critical' }] },
    { faults: [{ ...fault, since: fault.since + 1 }] },
    { faults: [{ ...fault, parameters: { loss_ratio: 0.06 } }] },
  ];
  for (const changes of shown) assert.equal(differs(changes), true, JSON.stringify(changes));
  assert.equal(differs({ faults: [{ ...fault, parameters: { loss_ratio: 0.050001 } }] }), false);
});

test('small steps add up: what counts is what was last sent', () => {
  const aggregate = aggregateOf({ numRacks: 1 });
  const changes = new HealthChanges(aggregate);
  const sent = Array.from({ length: 10 }, (_, step) => {
    const servers = serversOf(0, 1, { spectral_error: step * 0.0004 });
    give(aggregate, reportOf(0, { sequence: step + 1, servers }));
    return changes.next(START_SECONDS)?.racks[0]?.servers.length;
  });
  assert.deepEqual(sent, [1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);
});

test('servers and racks that are gone are told of once', () => {
  const aggregate = aggregateOf({ numRacks: 0, forgetAfterSeconds: 10 });
  give(aggregate, reportOf(5, { sequence: 1, servers: serversOf(5, 3) }));
  const changes = new HealthChanges(aggregate);
  assert.equal(changes.next(START_SECONDS), null);
  give(aggregate, reportOf(5, { sequence: 2, servers: serversOf(5, 1) }));
  assert.deepEqual(changes.next(START_SECONDS)?.forgotten_servers, [{ rack_id: 5, server_ids: [1, 2] }]);
  for (let second = 1; second <= 5; second++) aggregate.check(START_SECONDS + second);
  assert.equal(changes.next(START_SECONDS + 5)?.racks[0]?.status, 'silent');
  for (let second = 6; second <= 12; second++) aggregate.check(START_SECONDS + second);
  assert.deepEqual(changes.next(START_SECONDS + 12)?.forgotten_rack_ids, [5]);
  assert.equal(changes.next(START_SECONDS + 13), null);
});

test('faults of a rack come and go with it, and its servers are sent only when they change', () => {
  const aggregate = aggregateOf({ numRacks: 1 });
  const changes = new HealthChanges(aggregate);
  const ids = Array.from({ length: 40 }, (_, id) => id);
  const wide = { kind: 'rack-wide', since: START_SECONDS, severity: 'warning', confidence: 1 } as const;
  const next = (sequence: number, shiftSeconds: number | null) => {
    const parameters = { servers: 40, shift_seconds: shiftSeconds ?? 0 };
    const servers = serversOf(0, 40, shiftSeconds === null ? {} : { faults: [{ ...wide, parameters }] });
    const faults = shiftSeconds === null ? [] : [rackFaultOf('delay-shift', ids, { parameters })];
    give(aggregate, reportOf(0, { sequence, servers, faults }));
    const change = changes.next(START_SECONDS);
    const rack = change?.racks[0];
    const shift = rack?.faults.map(({ parameters: told }) => told['shift_seconds']);
    return { shift, servers: rack?.servers.length, bytes: JSON.stringify(change).length };
  };
  assert.deepEqual(next(1, 0.005).servers, 40);
  const { bytes, ...known } = next(2, 0.006);
  assert.deepEqual(known, { shift: [0.006], servers: 0 });
  assert.ok(bytes < 700, `${bytes} bytes`);
  const over = next(3, null);
  assert.deepEqual([over.shift, over.servers], [[], 40]);
  next(4, 0.005);
  for (let after = 0; after <= 5; after += 0.25) aggregate.check(START_SECONDS + after);
  assert.deepEqual(changes.next(START_SECONDS + 5)?.racks[0]?.faults, [], 'of a silent rack nothing is known');
});
