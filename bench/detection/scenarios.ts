import type { Fault } from '../../src/core/verdict.ts';
import type { FastRandom } from './fast-random.ts';
import type { Scenario } from './scenario.ts';
import { SAMPLE_RATE_HZ } from './simulated-server.ts';

/** Means of the optimum for loss (Bernoulli CUSUM, background 0.1 %, 30 days between false alarms). */
const LOSS_OPTIMA: readonly (readonly [ratio: number, meanSeconds: number, seconds: number])[] = [
  [0.01, 63, 420],
  [0.02, 22, 240],
  [0.05, 6.2, 120],
  [0.1, 2.6, 90],
  [0.5, 0.35, 60],
];
const OPTIMUM_FACTOR = 1.3;
const seconds = (slots: number) => slots / SAMPLE_RATE_HZ;

const shareError = (fault: Fault, name: string, truth: number) =>
  Math.abs((fault.parameters[name] ?? Number.NaN) / truth - 1);

const losses: readonly Scenario[] = LOSS_OPTIMA.map(([ratio, optimum, lasts]) => ({
  name: `loss ${ratio * 100} %`,
  kind: 'loss',
  seconds: lasts,
  healthyLoss: 1e-3,
  breaks: (onset) => ({ network: (slot, random) => (slot >= onset && random.uniform() < ratio ? null : 0) }),
  target: { seconds: OPTIMUM_FACTOR * optimum, of: 'mean' },
  namedTarget: 0.95,
  parameter: { what: 'loss ratio', target: 0.5, error: (fault) => shareError(fault, 'loss_ratio', ratio) },
}));

const shifts: readonly Scenario[] = [
  [0.001, 1.5],
  [0.005, 0.5],
  [0.05, 0.5],
].map(([shift = 0, target = 0]) => ({
  name: `delay +${shift * 1000} ms`,
  kind: 'delay-shift',
  seconds: 60,
  breaks: (onset) => ({ network: (slot) => (slot >= onset ? shift : 0) }),
  target: { seconds: target, of: 'p95' },
  namedTarget: 0.98,
  parameter: { what: 'shift', target: 0.2, error: (fault) => shareError(fault, 'shift_seconds', shift) },
}));

const jitters: readonly Scenario[] = [
  [0.002, 2],
  [0.005, 1],
  [0.03, 1],
].map(([sigma = 0, target = 0]) => ({
  name: `jitter ${sigma * 1000} ms`,
  kind: 'jitter',
  seconds: 60,
  breaks: (onset) => ({
    // Around a delay that was there before: jitter and no shift.
    network: (slot, random) => 5 * sigma + (slot >= onset ? sigma * Math.max(random.normal(), -5) : 0),
  }),
  target: { seconds: target, of: 'p95' },
  namedTarget: 0.95,
  parameter: { what: 'sigma', target: 0.5, error: (fault) => shareError(fault, 'jitter_seconds', sigma) },
}));

const periodic: readonly Scenario[] = [
  {
    name: '20 ms for 0.3 s every 5 s',
    kind: 'periodic-delay',
    seconds: 90,
    breaks: (onset, random) => {
      const first = onset + Math.floor(100 * random.uniform());
      return { network: (slot) => (slot >= first && (slot - first) % 100 < 6 ? 0.02 : 0) };
    },
    target: { seconds: 25, of: 'median' },
    namedTarget: 0.95,
    parameter: { what: 'period', target: 0.02, error: (fault) => shareError(fault, 'period_seconds', 5) },
  },
  {
    name: 'one lost every 3 s',
    kind: 'periodic-loss',
    seconds: 120,
    breaks: (onset) => ({ network: (slot) => (slot >= onset && (slot - onset) % 60 === 0 ? null : 0) }),
    target: { seconds: 45, of: 'p95' },
    namedTarget: 0.9,
    parameter: { what: 'period', target: 0.02, error: (fault) => shareError(fault, 'period_seconds', 3) },
  },
];

const oddities: readonly Scenario[] = [
  {
    name: 'reorder 5 %',
    kind: 'reorder',
    seconds: 60,
    breaks: (onset) => ({
      network: (slot, random) => (slot >= onset && random.uniform() < 0.05 ? 0.06 + 0.06 * random.uniform() : 0),
    }),
    target: { seconds: 10, of: 'p95' },
    namedTarget: 0.98,
  },
  {
    name: 'duplicate 5 %',
    kind: 'duplicate',
    seconds: 60,
    breaks: (onset) => ({ duplicates: (slot) => (slot >= onset ? 0.05 : 0) }),
    target: { seconds: 10, of: 'p95' },
    namedTarget: 0.98,
  },
  {
    name: 'corrupt 5 %',
    kind: 'corrupt',
    seconds: 60,
    breaks: (onset) => ({ corrupts: (slot, random) => slot >= onset && random.uniform() < 0.05 }),
    target: null,
    namedTarget: null,
  },
];

/** Loss of the whole queue: 10 % over the rate fills it by 0.1 s a second, and then one in eleven is dropped. */
function queueLimit(random: FastRandom): number {
  return 0.15 + 0.85 * random.uniform();
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'silent',
    kind: 'silent',
    seconds: 20,
    breaks: () => ({ isDead: true }),
    target: { seconds: 0.5, of: 'p95' },
    namedTarget: 1,
  },
  ...losses,
  {
    name: 'bursts of 8, 1 %',
    kind: 'burst-loss',
    seconds: 300,
    breaks: (onset) => {
      let left = 0;
      return {
        network: (slot, random) => {
          if (slot >= onset && left === 0 && random.uniform() < 1 / 792) left = 8;
          if (left === 0) return 0;
          left--;
          return null;
        },
      };
    },
    target: { seconds: 60, of: 'median' },
    namedTarget: 0.9,
  },
  ...shifts,
  ...jitters,
  ...periodic,
  {
    name: 'skew +20 ppm',
    kind: 'clock-drift',
    seconds: 90,
    breaks: (onset) => ({ drift: (slot) => (slot >= onset ? 20e-6 * seconds(slot - onset) : 0) }),
    target: { seconds: 60, of: 'p95' },
    namedTarget: 0.95,
    parameter: { what: 'ppm', target: 3, error: ({ parameters }) => Math.abs((parameters['change_ppm'] ?? 99) - 20) },
  },
  ...oddities,
  {
    name: 'queue 10 % over the rate',
    kind: 'congestion',
    seconds: 40,
    breaks: (onset, random) => {
      const limit = queueLimit(random);
      return {
        network: (slot, chance) => {
          const queue = slot >= onset ? 0.1 * seconds(slot - onset) : 0;
          if (queue < limit) return queue;
          return chance.uniform() < 1 / 11 ? null : limit - 0.005 * chance.uniform();
        },
      };
    },
    target: null,
    namedTarget: 0.9,
    mustPrecede: (random) => queueLimit(random) / 0.1,
  },
];
