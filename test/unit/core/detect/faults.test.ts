import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FaultyLink, kindsAt, tellFaults } from '../../../support/faulty-link.ts';

type Case = Omit<FaultyLink, 'seed' | 'healthySeconds'> & {
  readonly kind: string;
  readonly name: string;
  readonly healthySeconds?: number;
  /** Seconds after the onset by which it is told, and from which on nothing else may stand. */
  readonly toldBy: number;
  /** Seconds after it has healed by which nothing stands any more. */
  readonly overBy: number;
  /** How far the told onset may lie from the true one. */
  readonly onsetWithin: number;
  readonly parameters?: Readonly<Record<string, readonly [low: number, high: number]>>;
};

const CASES: readonly Case[] = [
  {
    name: 'a server that sends nothing',
    kind: 'silent',
    isDead: true,
    brokenSeconds: 20,
    healedSeconds: 20,
    toldBy: 1,
    overBy: 1,
    onsetWithin: 0.1,
    parameters: { silent_seconds: [0.4, 20.1] },
  },
  {
    name: 'loss of 20 % at random, which is no burst',
    kind: 'loss',
    network: (_, random) => (random.uniform() < 0.2 ? null : 0),
    brokenSeconds: 120,
    healedSeconds: 30,
    toldBy: 4,
    overBy: 15,
    onsetWithin: 2,
    parameters: { loss_ratio: [0.15, 0.25] },
  },
  {
    name: 'bursts of eight losses',
    kind: 'burst-loss',
    network: burstsOf(8),
    brokenSeconds: 120,
    healedSeconds: 310,
    toldBy: 6,
    overBy: 301,
    onsetWithin: 1.5,
    parameters: { mean_run: [6, 8.5] },
  },
  {
    name: 'one packet lost every 3 s',
    kind: 'periodic-loss',
    network: (slot) => (slot % 60 === 0 ? null : 0),
    brokenSeconds: 90,
    healedSeconds: 90,
    toldBy: 45,
    overBy: 80,
    onsetWithin: 4,
    parameters: { period_seconds: [2.94, 3.06], p_value: [0, 1e-6] },
  },
  {
    name: '5 ms of delay',
    kind: 'delay-shift',
    network: () => 0.005,
    brokenSeconds: 60,
    healedSeconds: 10,
    toldBy: 1,
    overBy: 3,
    onsetWithin: 0.1,
    parameters: { shift_seconds: [0.0045, 0.0055] },
  },
  {
    name: '5 ms of delay less',
    kind: 'delay-shift',
    network: () => -0.005,
    brokenSeconds: 60,
    healedSeconds: 10,
    toldBy: 1,
    overBy: 3,
    onsetWithin: 0.1,
    parameters: { shift_seconds: [-0.0055, -0.0045] },
  },
  {
    name: '5 ms of jitter',
    kind: 'jitter',
    network: (_, random) => 0.005 * Math.max(random.normal(), -3),
    brokenSeconds: 60,
    healedSeconds: 20,
    toldBy: 2,
    overBy: 5,
    onsetWithin: 1,
    parameters: { jitter_seconds: [0.0035, 0.0065] },
  },
  {
    name: '20 ms for 0.3 s every 5 s',
    kind: 'periodic-delay',
    network: (slot) => (slot % 100 < 6 ? 0.02 : 0),
    brokenSeconds: 90,
    healedSeconds: 40,
    toldBy: 26,
    overBy: 25,
    onsetWithin: 0.5,
    parameters: { period_seconds: [4.9, 5.1], delay_seconds: [0.018, 0.022], pulse_seconds: [0.25, 0.35] },
  },
  {
    name: 'a queue that fills and overflows',
    kind: 'congestion',
    network: (slot, random) => {
      const queueSeconds = Math.min((0.1 * slot) / 20, 0.3);
      return queueSeconds === 0.3 && random.uniform() < 0.09 ? null : queueSeconds;
    },
    brokenSeconds: 40,
    healedSeconds: 30,
    toldBy: 1,
    overBy: 28,
    onsetWithin: 0.2,
    parameters: { queue_seconds: [0.28, 0.32] },
  },
  {
    name: '5 % overtaken',
    kind: 'reorder',
    network: (_, random) => (random.uniform() < 0.05 ? 0.06 + 0.06 * random.uniform() : 0),
    brokenSeconds: 60,
    healedSeconds: 40,
    toldBy: 15,
    overBy: 25,
    onsetWithin: 5,
    parameters: { reorder_ratio: [0.02, 0.08] },
  },
  {
    name: '5 % twice',
    kind: 'duplicate',
    others: (onset, end) => ({ duplicates: (slot) => (slot >= onset && slot < end ? 0.05 : 0) }),
    brokenSeconds: 60,
    healedSeconds: 40,
    toldBy: 15,
    overBy: 25,
    onsetWithin: 5,
    parameters: { duplicate_ratio: [0.02, 0.08] },
  },
  {
    name: '5 % noise instead of the tone',
    kind: 'corrupt',
    others: (onset, end) => ({
      corrupts: (slot, random) => slot >= onset && slot < end && random.uniform() < 0.05,
    }),
    brokenSeconds: 60,
    healedSeconds: 40,
    toldBy: 15,
    overBy: 25,
    onsetWithin: 5,
    parameters: { corrupt_ratio: [0.02, 0.08] },
  },
  {
    name: 'a clock that runs 20 ppm slower',
    kind: 'clock-drift',
    others: (onset) => ({ drift: (slot) => (slot >= onset ? (20e-6 * (slot - onset)) / 20 : 0) }),
    healthySeconds: 150,
    brokenSeconds: 90,
    // It stays as it is, and becomes what is normal.
    healedSeconds: 400,
    toldBy: 60,
    overBy: 400,
    onsetWithin: 5,
    parameters: { change_ppm: [17, 23] },
  },
];

/** Losses in a row, the first of them a second after the onset, then one burst in 40 s on the average. */
function burstsOf(length: number): NonNullable<FaultyLink['network']> {
  let left = 0;
  return (slot, random) => {
    if (left === 0 && (slot === 20 || random.uniform() < 1 / 800)) left = length;
    if (left === 0) return 0;
    left--;
    return null;
  };
}

describe('faults are told, named and ended', () => {
  for (const one of CASES) {
    test(`${one.name}: ${one.kind}`, () => {
      const told = tellFaults({ seed: 11, healthySeconds: 60, lossRatio: 0, ...one });
      assert.deepEqual([...told.before], []);
      for (let second = one.toldBy; second < one.brokenSeconds; second++) {
        assert.equal(kindsAt(told, second), one.kind, `${second} s after the onset`);
      }
      const fault = told.faults[one.brokenSeconds - 1]?.find(({ kind }) => kind === one.kind);
      assert.ok(fault);
      const error = fault.since - told.onsetSeconds;
      assert.ok(Math.abs(error) <= one.onsetWithin, `onset off by ${error} s`);
      for (const [name, [low, high]] of Object.entries(one.parameters ?? {})) {
        const value = fault.parameters[name] ?? Number.NaN;
        assert.ok(value >= low && value <= high, `${name} = ${value} is not within ${low}…${high}`);
      }
      assert.ok(fault.confidence > 0.8 && fault.confidence <= 1, `confidence ${fault.confidence}`);
      for (let second = one.brokenSeconds + one.overBy; second < told.faults.length; second++) {
        assert.equal(kindsAt(told, second), '', `${second - one.brokenSeconds} s after it has healed`);
      }
    });
  }

  test('since stays what it is while a fault stands', () => {
    const told = tellFaults({ seed: 5, healthySeconds: 60, brokenSeconds: 60, healedSeconds: 0, network: () => 0.02 });
    const sinces = new Set(told.faults.slice(1).flatMap((faults) => faults.map(({ since }) => since)));
    assert.equal(sinces.size, 1);
  });
});

describe('what is normal', () => {
  test('is not forgotten in 25 minutes of another delay', () => {
    const link = { seed: 5, healthySeconds: 120, brokenSeconds: 1500, healedSeconds: 20 };
    const told = tellFaults({ ...link, network: () => 0.02 });
    assert.equal(kindsAt(told, 1499), 'delay-shift');
    for (let second = 1503; second < 1520; second++) assert.equal(kindsAt(told, second), '');
  });

  test('is a delay that has stood for an hour', () => {
    const told = tellFaults({
      seed: 5,
      healthySeconds: 120,
      brokenSeconds: 4000,
      healedSeconds: 10,
      network: () => 0.02,
    });
    assert.equal(kindsAt(told, 3590), 'delay-shift');
    assert.equal(kindsAt(told, 3620), '');
    assert.equal(kindsAt(told, 3999), '');
    assert.equal(kindsAt(told, 4005), 'delay-shift');
  });

  test('is no period in delays that come often and at random', () => {
    const network = (_: number, random: { uniform(): number }) => Math.min(0.05, 1e-4 / (1 - random.uniform()) ** 0.67);
    const told = tellFaults({ seed: 3, healthySeconds: 200, brokenSeconds: 1500, healedSeconds: 0, network });
    assert.ok(told.faults.every((faults) => faults.every(({ kind }) => kind !== 'periodic-delay')));
  });
});

describe('what is no fault is not told', () => {
  test('six healthy hours with stalls, timer noise, loss, skew and a wandering delay', () => {
    const hours = tellFaults({ seed: 3, healthySeconds: 6 * 3600, brokenSeconds: 0, healedSeconds: 0 });
    assert.deepEqual([...hours.before], []);
  });

  const noises: Readonly<Record<string, (random: { uniform(): number; normal(): number }) => number>> = {
    'a queue: exponential with a mean of 2 ms': (random) => -0.002 * Math.log(1 - random.uniform()),
    'rare long waits: Pareto': (random) => Math.min(0.05, 1e-4 / (1 - random.uniform()) ** 0.67),
    'jitter of 5 ms that was always there': (random) => 0.05 + 0.005 * random.normal(),
  };
  for (const [name, noise] of Object.entries(noises)) {
    test(`three hours of a link that is as it always was: ${name}`, () => {
      const others = () => ({ network: (_: number, random: { uniform(): number; normal(): number }) => noise(random) });
      const told = tellFaults({ seed: 3, healthySeconds: 3 * 3600, brokenSeconds: 0, healedSeconds: 0, others });
      assert.deepEqual([...told.before], []);
    });
  }

  test('one stall of 0.3 s, two losses in a row, one overtaken sample', () => {
    const oddities = (slot: number) => {
      if (slot >= 100 && slot < 110) return Math.max(0, 0.3 - 0.0485 * (slot - 100));
      if (slot === 1000) return 0.08;
      return slot === 1600 || slot === 1601 ? null : 0;
    };
    const told = tellFaults({ seed: 3, healthySeconds: 60, brokenSeconds: 120, healedSeconds: 0, network: oddities });
    assert.deepEqual(new Set(told.faults.flatMap((faults) => faults.map(({ kind }) => kind))), new Set());
  });
});

describe('one cause has one name', () => {
  const expectations: readonly (readonly [string, string, (slot: number, random: { normal(): number }) => number])[] = [
    ['jitter that makes samples overtake one another', 'jitter', (_, r) => Math.max(0, 0.2 + 0.06 * r.normal())],
    ['a stall of 0.3 s every 5 s', 'periodic-delay', (slot) => Math.max(0, 0.3 - (slot % 100) * 0.0485)],
    ['a shift beside jitter that is a fault of its own', 'delay-shift+jitter', (_, r) => 0.1 + 0.02 * r.normal()],
    ['a shift that is a little less steady than the link was', 'delay-shift', (_, r) => 0.1 + 0.003 * r.normal()],
  ];
  for (const [name, kinds, network] of expectations) {
    test(`${name}: ${kinds}`, () => {
      const told = tellFaults({
        seed: 21,
        healthySeconds: 60,
        brokenSeconds: 90,
        healedSeconds: 0,
        lossRatio: 0,
        network,
      });
      // Once it has settled, in nearly each second. The jitter comes with a longer delay, which may be told beside it.
      const settled = told.faults.slice(30, 90).map((_, i) => kindsAt(told, 30 + i));
      const isRight = (kind: string) => kind === kinds || (kinds === 'jitter' && kind === 'delay-shift+jitter');
      const seconds = settled.filter(isRight).length;
      assert.ok(seconds >= 57, `${seconds} of 60 s: ${[...new Set(settled)].join(', ')}`);
    });
  }
});
