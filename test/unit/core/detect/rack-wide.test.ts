import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { separateRackFaults } from '../../../../src/core/detect/rack-wide.ts';
import type { Fault, FaultKind, Verdict } from '../../../../src/core/verdict.ts';

function verdict(serverId: number, faults: readonly Fault[], status: Verdict['status'] = 'healthy'): Verdict {
  return {
    rack_id: 3,
    server_id: serverId,
    name: null,
    status,
    spectral_error: 0,
    snr_db: 50,
    loss_ratio: 0,
    delay_seconds: 0,
    jitter_seconds: 0,
    clock_skew_ppm: 0,
    expected_frequency_hz: 1,
    sample_rate_hz: 20,
    last_heard: 0,
    faults,
  };
}

function fault(kind: FaultKind, since: number, shift = 0.005): Fault {
  return { kind, since, severity: 'warning', confidence: 0.95, parameters: { shift_seconds: shift } };
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('faults of a rack', () => {
  test('half of the servers at once: one fault on the rack, none of its kind on a server', () => {
    const verdicts = range(8).map((i) =>
      verdict(i, i < 4 ? [fault('delay-shift', 100 + 0.1 * i, 0.004 + 0.001 * i)] : []),
    );
    const { faults, verdicts: separated } = separateRackFaults(verdicts);
    assert.equal(faults.length, 1);
    assert.deepEqual(faults[0]?.server_ids, [0, 1, 2, 3]);
    assert.equal(faults[0]?.kind, 'delay-shift');
    assert.deepEqual(faults[0]?.parameters, { servers: 4, shift_seconds: 0.005 });
    const kinds = separated.map((one) => one.faults.map(({ kind }) => kind).join());
    assert.deepEqual(kinds, ['rack-wide', 'rack-wide', 'rack-wide', 'rack-wide', '', '', '', '']);
  });

  test('what a server has of its own stays its own', () => {
    const verdicts = range(4).map((i) =>
      verdict(i, [fault('delay-shift', 100), ...(i === 2 ? [fault('loss', 40)] : [])]),
    );
    const { verdicts: separated } = separateRackFaults(verdicts);
    assert.deepEqual(
      separated[2]?.faults.map(({ kind }) => kind),
      ['loss', 'rack-wide'],
    );
  });

  test('fewer than half, fewer than three, or not at once: every server for itself', () => {
    const few = range(8).map((i) => verdict(i, i < 3 ? [fault('loss', 100)] : []));
    const two = range(2).map((i) => verdict(i, [fault('loss', 100)]));
    const spread = range(6).map((i) => verdict(i, [fault('loss', 100 + 10 * i)]));
    for (const verdicts of [few, two, spread]) {
      assert.deepEqual(separateRackFaults(verdicts), { verdicts, faults: [] });
    }
  });

  test('servers that are not judged yet do not count', () => {
    const verdicts = range(8).map((i) => verdict(i, i < 3 ? [fault('jitter', 7)] : [], i < 5 ? 'healthy' : 'warming'));
    assert.equal(separateRackFaults(verdicts).faults.length, 1);
  });

  test('conflicts and the observer are nobody else’s', () => {
    const verdicts = range(4).map((i) => verdict(i, [fault('conflict', 1), fault('observer', 1)]));
    assert.deepEqual(separateRackFaults(verdicts).faults, []);
  });
});
