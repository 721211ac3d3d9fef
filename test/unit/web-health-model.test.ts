import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RackHealth, Verdict } from '../../src/core/verdict.ts';
import type { HealthChange, HealthSnapshot } from '../../src/wire/api/socket.ts';
import { changeHealth, healthOf, RACK_HISTORY_LENGTH, verdictOf } from '../../src/web/store/health-model.ts';

function verdict(rackId: number, serverId: number, error = 0.01): Verdict {
  return {
    rack_id: rackId,
    server_id: serverId,
    name: null,
    status: 'healthy',
    spectral_error: error,
    snr_db: 30,
    loss_ratio: 0,
    delay_seconds: 0,
    jitter_seconds: 0,
    clock_skew_ppm: null,
    expected_frequency_hz: 1,
    sample_rate_hz: 20,
    last_heard: 100,
    faults: [],
  };
}

function rack(rackId: number, servers: readonly Verdict[], at = 100): RackHealth {
  return { rack_id: rackId, health_score: 0.99, status: 'healthy', last_report: at, faults: [], servers };
}

function snapshot(racks: readonly RackHealth[]): HealthSnapshot {
  const history = { 0: { timestamps: [99, 100], health_score: [0.9, 0.99] } };
  return { dc_id: 'dc0', health_score: 0.99, status: 'healthy', timestamp: 100, racks, history };
}

function change(racks: readonly RackHealth[], more: Partial<HealthChange> = {}): HealthChange {
  const nothingForgotten = { forgotten_rack_ids: [], forgotten_servers: [] };
  return { timestamp: 101, health_score: 0.5, status: 'degraded', racks, ...nothingForgotten, ...more };
}

test('a snapshot is put in order of the ids', () => {
  const model = healthOf(snapshot([rack(3, []), rack(0, [verdict(0, 7), verdict(0, 2)])]));
  assert.deepEqual(
    model.tree.racks.map(({ rack_id: id }) => id),
    [0, 3],
  );
  assert.deepEqual(
    model.tree.racks[0]?.servers.map(({ server_id: id }) => id),
    [2, 7],
  );
  assert.deepEqual(model.history.get(0)?.timestamps, [99, 100]);
  assert.deepEqual(model.history.get(3)?.timestamps, []);
});

test('a change brings the servers that changed, and leaves the others as they are', () => {
  const model = healthOf(snapshot([rack(0, [verdict(0, 0), verdict(0, 1)]), rack(1, [verdict(1, 0)])]));
  const changed = changeHealth(model, change([rack(0, [verdict(0, 1, 0.7)], 101)]));
  assert.equal(verdictOf(changed, 0, 1)?.spectral_error, 0.7);
  assert.equal(verdictOf(changed, 0, 0), verdictOf(model, 0, 0));
  assert.equal(changed.tree.racks[1], model.tree.racks[1], 'a rack that did not report is the same object');
  assert.equal(changed.tree.health_score, 0.5);
  assert.equal(changed.tree.timestamp, 101);
  assert.equal(changed.tree.dc_id, 'dc0');
  assert.equal(verdictOf(model, 0, 1)?.spectral_error, 0.01, 'the model before is not touched');
});

test('a report without changed servers leaves the list of servers the same object', () => {
  const model = healthOf(snapshot([rack(0, [verdict(0, 0)])]));
  const changed = changeHealth(model, change([rack(0, [], 101)]));
  assert.equal(changed.tree.racks[0]?.servers, model.tree.racks[0]?.servers);
});

test('racks and servers appear, and are forgotten', () => {
  const model = healthOf(snapshot([rack(0, [verdict(0, 0), verdict(0, 1)]), rack(2, [])]));
  const more = { forgotten_rack_ids: [2], forgotten_servers: [{ rack_id: 0, server_ids: [0] }] };
  const changed = changeHealth(model, change([rack(1, [verdict(1, 4)])], more));
  assert.deepEqual(
    changed.tree.racks.map(({ rack_id: id, servers }) => [id, servers.map(({ server_id }) => server_id)]),
    [
      [0, [1]],
      [1, [4]],
    ],
  );
  assert.equal(changed.history.has(2), false);
});

test('each report adds to the history once, and the history is bounded', () => {
  let model = healthOf(snapshot([rack(0, [])]));
  model = changeHealth(model, change([rack(0, [], 101)]));
  model = changeHealth(model, change([rack(0, [], 101)]));
  assert.deepEqual(model.history.get(0)?.timestamps, [99, 100, 101]);
  for (let at = 102; at < 102 + RACK_HISTORY_LENGTH; at++) model = changeHealth(model, change([rack(0, [], at)]));
  assert.equal(model.history.get(0)?.timestamps.length, RACK_HISTORY_LENGTH);
  assert.equal(model.history.get(0)?.health_score.length, RACK_HISTORY_LENGTH);
});

test('a rack that fell silent has no report, and no value in its history', () => {
  const model = healthOf(snapshot([rack(0, [verdict(0, 0)])]));
  const silent = { ...rack(0, []), status: 'silent', health_score: null } as const;
  const changed = changeHealth(model, change([silent]));
  assert.equal(changed.tree.racks[0]?.status, 'silent');
  assert.equal(changed.tree.racks[0].servers.length, 1, 'what was known of its servers stays');
  assert.deepEqual(changed.history.get(0)?.timestamps, [99, 100]);
});
