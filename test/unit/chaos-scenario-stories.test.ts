import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseScenario } from '../../src/chaos/scenario/parse-scenario.ts';
import { runScenario } from '../../src/chaos/scenario/run-scenario.ts';
import type { Scenario } from '../../src/chaos/scenario/scenario.ts';
import type { ScenarioReport } from '../../src/chaos/scenario/scenario-report.ts';
import { atSpeed, fastestSpeed } from '../../src/chaos/scenario/speed.ts';
import type { FaultKind } from '../../src/core/verdict.ts';
import { SimulatedCluster } from '../support/simulated-cluster.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const FOLDER = new URL('../../chaos/scenarios/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
const SEEDS = [0, 1, 2];
/** Until the windows of a cluster that has just begun are full, and what is usual is known of its delays and clocks. */
const WARM_UP_MS = 120_000;

function textOf(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

/** The names that the head of a story gives to what is broken, of its rack or of its servers. */
const NAMES: Readonly<Record<string, readonly FaultKind[]>> = {
  'congested-uplink.yaml': ['congestion', 'rack-wide'],
  'cron-stall.yaml': ['periodic-delay'],
  'dying-cable.yaml': ['loss'],
  'flapping-link.yaml': ['silent'],
  'half-lost.yaml': ['loss', 'rack-wide'],
  'loss-bursts.yaml': ['burst-loss'],
  'noisy-neighbour.yaml': ['delay-shift', 'jitter', 'rack-wide'],
  'out-of-order.yaml': ['delay-shift', 'reorder', 'duplicate', 'rack-wide'],
  'route-change.yaml': ['delay-shift', 'rack-wide'],
  'slow-clock.yaml': ['delay-shift', 'clock-drift'],
  'smoke.yaml': ['loss', 'delay-shift'],
};

/** A run on one rack of four, in virtual time. `kinds` gets every fault that was told. */
async function tell(
  scenario: Scenario,
  parts: { seed: number; speed?: number; isInert?: boolean; kinds?: Set<FaultKind> },
): Promise<ScenarioReport> {
  const { seed, speed = 1, isInert = false, kinds = new Set() } = parts;
  const cluster = new SimulatedCluster({ racks: 1, servers: 4, seed, isInert });
  const clock = new VirtualClock((seconds) => cluster.advanceTo(seconds));
  const { signal } = new AbortController();
  await clock.pauseMs(WARM_UP_MS, signal);
  return runScenario({
    scenario,
    speed,
    target: cluster,
    apiUrl: 'http://127.0.0.1:1',
    announcer: { begin: async () => null, end: async () => null },
    version: '0.0.0',
    signal,
    onProgress: () => undefined,
    clock,
    fetchTree: async () => {
      const tree = cluster.tree();
      for (const { kind } of tree.racks
        .flatMap(({ faults, servers }) => [faults, ...servers.map((one) => one.faults)])
        .flat()) {
        kinds.add(kind);
      }
      return tree;
    },
  });
}

test('there are ten stories, and a short one', () => {
  assert.equal(FILES.length, 11);
  assert.ok(FILES.includes('smoke.yaml'));
});

for (const file of FILES) {
  const scenario = parseScenario(textOf(file), file);

  test(`${file} says what happens in real life, what one sees, and how long it takes`, () => {
    const header = /^(?:#.*\n)+/.exec(textOf(file))?.[0] ?? '';
    for (const part of [/In real life/, /What one sees/, /Takes (?:about )?\d/]) assert.match(header, part);
    assert.ok(scenario.description !== null);
  });

  test(`${file} passes wherever what it injects does what theory says, and names what it is`, async () => {
    for (const seed of SEEDS) {
      const kinds = new Set<FaultKind>();
      // oxlint-disable-next-line no-await-in-loop -- one world after the other
      const report = await tell({ ...scenario, seed: 1000 + seed }, { seed, kinds });
      assert.deepEqual([report.problems, report.passed, report.undone], [[], true, true], `seed ${seed}`);
      const unnamed = NAMES[file]?.filter((kind) => !kinds.has(kind));
      assert.deepEqual(unnamed, [], `seed ${seed}: told were ${[...kinds].join(', ')}`);
    }
  });

  test(`${file} passes in the time that it says, and is the same each time`, async () => {
    const [first, second] = [await tell(scenario, { seed: 7 }), await tell(scenario, { seed: 7 })];
    assert.ok(first.passed);
    const said = /Takes (?:about )?(\d+)( s| to (\d+) min)/.exec(textOf(file));
    const atMost = Number(said?.[3] ?? 0) * 60 || Number(said?.[1]);
    assert.ok(first.duration_seconds <= atMost, `it took ${first.duration_seconds} s, more than ${atMost}`);
    const withoutIds = ({ injections, ...report }: ScenarioReport): unknown => ({
      ...report,
      injections: injections.map((record) => ({ ...record, id: '' })),
    });
    assert.deepEqual(withoutIds(second), withoutIds(first));
  });

  test(`${file} passes at the fastest speed that is allowed`, async () => {
    const speed = Math.max(1, fastestSpeed(scenario));
    assert.doesNotThrow(() => atSpeed(scenario, speed));
    const report = await tell(scenario, { seed: 7, speed });
    assert.deepEqual(report.problems, []);
  });

  test(`${file} fails when nothing is injected`, async () => {
    const report = await tell(scenario, { seed: 7, isInert: true });
    assert.equal(report.passed, false);
    assert.ok(report.expectations.some(({ passed }) => !passed));
    assert.ok(report.undone);
  });
}
