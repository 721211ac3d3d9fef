import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FastRandom } from '../../../../bench/detection/fast-random.ts';
import {
  EPOCH_SECONDS,
  type Network,
  SAMPLE_RATE_HZ,
  SimulatedServer,
  usualDisturbances,
  WINDOW_SLOTS,
} from '../../../../bench/detection/simulated-server.ts';
import type { ServerStatus } from '../../../../src/core/verdict.ts';
import { WindowAnalyzer } from '../../../../src/core/window-analyzer.ts';

const HEALTHY_SECONDS = 150;

/** The status at each second of a link that is broken by `network` after its healthy time. */
function statuses(seed: number, seconds: number, network: Network): ServerStatus[] {
  const onset = HEALTHY_SECONDS * SAMPLE_RATE_HZ;
  const server = new SimulatedServer({
    seed,
    toneHz: 1.35,
    disturbances: usualDisturbances(new FastRandom(seed + 1)),
    network: (slot, random) => (slot < onset ? 0.2 : network(slot - onset, random)),
  });
  const analyzer = new WindowAnalyzer(WINDOW_SLOTS);
  const told: ServerStatus[] = [];
  for (let slot = 1; slot <= onset + seconds * SAMPLE_RATE_HZ; slot++) {
    server.step();
    if (slot % SAMPLE_RATE_HZ !== 0) continue;
    const { verdict } = analyzer.judge(server.stream, EPOCH_SECONDS + slot / SAMPLE_RATE_HZ);
    if (slot > onset) told.push(verdict.status);
  }
  return told;
}

function changes(told: readonly ServerStatus[]): number {
  return told.filter((status, i) => i > 0 && status !== told[i - 1]).length;
}

describe('a link that is as bad as before keeps its status', () => {
  /** Each at the limit of two severities. */
  const links: Readonly<Record<string, Network>> = {
    'loss of 20 %': (_, random) => (random.uniform() < 0.2 ? null : 0.2),
    'jitter of 10 ms': (_, random) => 0.2 + 0.01 * random.normal(),
    'jitter of 50 ms': (_, random) => 0.2 + 0.05 * random.normal(),
    'a shift of 100 ms that is not quite steady': (_, random) => 0.3 + 0.003 * random.normal(),
  };
  for (const [name, network] of Object.entries(links)) {
    test(name, () => {
      // Until it has settled: at first its size is known but roughly.
      const told = [1, 2, 3].map((seed) => changes(statuses(seed, 300, network).slice(15)));
      assert.ok(
        told.every((count) => count <= 1),
        `changes of status in 285 s: ${told.join(', ')}`,
      );
    });
  }
});

describe('losses in a row are no silence where so much is lost', () => {
  for (const loss of [0.5, 0.6, 0.8]) {
    test(`random loss of ${100 * loss} %`, () => {
      const network: Network = (_, random) => (random.uniform() < loss ? null : 0.2);
      for (const seed of [1, 2, 3]) {
        assert.deepEqual([...new Set(statuses(seed, 200, network).slice(5))], ['critical'], `seed ${seed}`);
      }
    });
  }

  test('but a link that dies after it has lost 60 % is silent within 2 s, and another one at once', () => {
    const lost60: Network = (slot, random) => (slot >= 1200 || random.uniform() < 0.6 ? null : 0.2);
    assert.deepEqual(
      statuses(1, 70, lost60).slice(62),
      Array.from({ length: 8 }, () => 'silent'),
    );
    const died: Network = (slot) => (slot >= 1200 ? null : 0.2);
    assert.deepEqual(
      statuses(1, 64, died).slice(60),
      Array.from({ length: 4 }, () => 'silent'),
    );
  });
});
