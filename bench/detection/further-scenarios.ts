import type { Scenario } from './scenario.ts';
import { SAMPLE_RATE_HZ } from './simulated-server.ts';

/** The delay of a link that is healthy: what comes earlier than usual needs room. */
const USUAL_SECONDS = 0.2;

const shift = (name: string, seconds: number): Scenario => ({
  name,
  kind: 'delay-shift',
  seconds: 60,
  breaks: (onset) => ({ network: (slot) => USUAL_SECONDS + (slot >= onset ? seconds : 0) }),
  target: null,
  namedTarget: null,
});

const loss = (ratio: number): Scenario => ({
  name: `loss ${ratio * 100} %`,
  kind: 'loss',
  seconds: 90,
  healthyLoss: 1e-3,
  breaks: (onset) => ({ network: (slot, random) => (slot >= onset && random.uniform() < ratio ? null : 0) }),
  target: null,
  namedTarget: null,
});

/** Other severities of the same faults, and what is easily taken for another: nothing is promised of them. */
export const FURTHER_SCENARIOS: readonly Scenario[] = [
  loss(0.2),
  loss(0.8),
  {
    name: 'bursts of 3, 1 %',
    kind: 'burst-loss',
    seconds: 240,
    breaks: (onset) => {
      let left = 0;
      return {
        network: (slot, random) => {
          if (slot >= onset && left === 0 && random.uniform() < 1 / 297) left = 3;
          if (left === 0) return 0;
          left--;
          return null;
        },
      };
    },
    target: null,
    namedTarget: null,
  },
  shift('delay −5 ms', -0.005),
  shift('delay +200 ms', 0.2),
  {
    name: 'jitter 60 ms, which overtakes',
    kind: 'jitter',
    seconds: 60,
    breaks: (onset) => ({
      network: (slot, random) => {
        return slot >= onset ? Math.max(0, USUAL_SECONDS + 0.06 * random.normal()) : USUAL_SECONDS;
      },
    }),
    target: null,
    namedTarget: null,
  },
  {
    name: 'stall of 0.3 s every 5 s',
    kind: 'periodic-delay',
    seconds: 90,
    breaks: (onset) => ({
      // What waited comes in a bunch, in order, 1.5 ms apart.
      network: (slot) => (slot >= onset ? Math.max(0, 0.3 - 0.0485 * ((slot - onset) % 100)) : 0),
    }),
    target: null,
    namedTarget: null,
  },
  {
    name: 'a wave of 5 ms, 4 s',
    kind: 'periodic-delay',
    seconds: 90,
    breaks: (onset) => ({
      network: (slot) => {
        const wave = slot >= onset ? 0.005 * Math.sin((2 * Math.PI * (slot - onset)) / (4 * SAMPLE_RATE_HZ)) : 0;
        return USUAL_SECONDS + wave;
      },
    }),
    target: null,
    namedTarget: null,
  },
  {
    name: 'reorder 25 %',
    kind: 'reorder',
    seconds: 60,
    breaks: (onset) => ({
      network: (slot, random) => (slot >= onset && random.uniform() < 0.25 ? 0.08 : 0),
    }),
    target: null,
    namedTarget: null,
  },
  {
    name: 'queue 1 % over the rate',
    kind: 'congestion',
    seconds: 60,
    breaks: (onset) => ({
      network: (slot) => (slot >= onset ? Math.min((0.01 * (slot - onset)) / SAMPLE_RATE_HZ, 0.2) : 0),
    }),
    target: null,
    namedTarget: null,
  },
  {
    name: 'skew −300 ppm',
    kind: 'clock-drift',
    seconds: 90,
    breaks: (onset) => ({ drift: (slot) => (slot >= onset ? (-300e-6 * (slot - onset)) / SAMPLE_RATE_HZ : 0) }),
    target: null,
    namedTarget: null,
  },
];
