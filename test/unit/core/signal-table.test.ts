import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EPOCH_SECONDS, type LinkOptions, listen, meanError, simulateLink } from '../../support/simulated-link.ts';

/** The table of what the spectral error must be; every row at each of these tones, over 40 full windows or more. */
const TONES_HZ = [1.0, 1.35, 2.2, 4.35];
const SECONDS = 60;
const FULL_WINDOW = 14;

type Impairment = Omit<LinkOptions, 'seed' | 'seconds' | 'toneHz'>;

function hear(toneHz: number, impairment: Impairment, seconds = SECONDS) {
  const arrivals = simulateLink({ seed: Math.round(toneHz * 100), seconds, toneHz, ...impairment });
  return listen(arrivals, { toneHz });
}

function assertWithin(actual: number, low: number, high: number, what: string) {
  assert.ok(actual >= low && actual <= high, `${what}: ${actual} is not within ${low}…${high}`);
}

const lossy = (p: number): Impairment => ({ network: (_, random) => (random.uniform() < p ? null : 0) });

for (const toneHz of TONES_HZ) {
  describe(`tone ${toneHz} Hz`, () => {
    const errorOf = (impairment: Impairment) => meanError(hear(toneHz, impairment).judgements, FULL_WINDOW);

    test('clean: error at most 0.002', () => {
      assertWithin(errorOf({}), 0, 0.002, 'error');
    });

    for (const [p, tolerance] of [
      [0.01, 0.01],
      [0.05, 0.01],
      [0.2, 0.02],
      [0.5, 0.03],
    ] as const) {
      test(`random loss ${p}: error is the loss`, () => {
        const { judgements } = hear(toneHz, lossy(p), 300);
        assertWithin(meanError(judgements, FULL_WINDOW), p - tolerance, p + tolerance, 'error');
        const ratios = judgements.slice(FULL_WINDOW).map(({ verdict }) => verdict.loss_ratio ?? Number.NaN);
        assertWithin(ratios.reduce((a, b) => a + b) / ratios.length, p - tolerance, p + tolerance, 'loss ratio');
      });
    }

    for (const sigma of [0.005, 0.02]) {
      test(`Gaussian jitter ${sigma * 1000} ms: error 1 − e^(−(2πfσ)²)`, () => {
        const expected = 1 - Math.exp(-((2 * Math.PI * toneHz * sigma) ** 2));
        const { judgements } = hear(toneHz, { networkNoiseSeconds: sigma }, 300);
        const tolerance = Math.max(0.1 * expected, 0.002);
        assertWithin(meanError(judgements, FULL_WINDOW), expected - tolerance, expected + tolerance, 'error');
        const jitters = judgements.slice(FULL_WINDOW).map(({ verdict }) => verdict.jitter_seconds ?? Number.NaN);
        const mean = jitters.reduce((a, b) => a + b) / jitters.length;
        // The mean absolute difference of two normal variables is 2σ/√π.
        assertWithin(mean / ((2 * sigma) / Math.sqrt(Math.PI)), 0.9, 1.1, 'jitter over 2σ/√π');
      });
    }

    test('a delay of 200 ms from second 30 on: no error beyond the step, and the delay within 1 ms', () => {
      const { judgements } = hear(toneHz, { network: (elapsed) => (elapsed < 30 ? 0 : 0.2) }, 120);
      assertWithin(meanError(judgements, 30 + FULL_WINDOW), 0, 0.002, 'error');
      for (const { verdict } of judgements.slice(30 + FULL_WINDOW)) {
        assertWithin(verdict.delay_seconds ?? Number.NaN, 0.199, 0.201, 'delay');
      }
      for (const { verdict } of judgements.slice(FULL_WINDOW, 29)) {
        assertWithin(verdict.delay_seconds ?? Number.NaN, -0.001, 0.001, 'delay before');
      }
    });

    test('a delay of 200 ms from the start is the baseline: no error', () => {
      assertWithin(errorOf({ network: () => 0.2 }), 0, 0.002, 'error');
    });

    test('delay 200 ms with loss 0.2: error 0.2', () => {
      const { judgements } = hear(toneHz, { network: (_, random) => (random.uniform() < 0.2 ? null : 0.2) }, 300);
      assertWithin(meanError(judgements, FULL_WINDOW), 0.18, 0.22, 'error');
    });

    for (const skewPpm of [-500, -50, 50, 500]) {
      test(`clock skew ${skewPpm} ppm: no error, and the skew within 3 ppm after 120 s`, () => {
        const { judgements } = hear(toneHz, { skewPpm, clockOffsetSeconds: -3 }, 180);
        assertWithin(meanError(judgements, FULL_WINDOW), 0, 0.002, 'error');
        for (const { verdict } of judgements.slice(120)) {
          assertWithin(verdict.clock_skew_ppm ?? Number.NaN, skewPpm - 3, skewPpm + 3, 'skew');
          assertWithin(verdict.delay_seconds ?? Number.NaN, -0.001, 0.001, 'delay');
        }
      });
    }

    for (const intervalSeconds of [0.0502, 0.053]) {
      test(`real samples every ${intervalSeconds * 1000} ms: error at most 0.01`, () => {
        const { judgements } = hear(toneHz, { intervalSeconds, isReal: true, bootId: null }, 80);
        assertWithin(meanError(judgements, FULL_WINDOW + 2), 0, 0.01, 'error');
        const rate = judgements.at(-1)?.verdict.sample_rate_hz ?? 0;
        assertWithin(rate * intervalSeconds, 0.99, 1.001, 'sample rate times interval');
      });
    }

    test('silence: silent within 0.5 s of the last sample, error 1', () => {
      const arrivals = simulateLink({ seed: 1, seconds: 30, toneHz });
      const { stream } = listen(arrivals, { toneHz });
      const lastHeard = arrivals.at(-1)?.receivedSeconds ?? 0;
      assert.equal(stream.isSilent(lastHeard + 0.3), false);
      assert.equal(stream.isSilent(lastHeard + 0.5), true);
      const { judgements } = listen(arrivals, { toneHz, untilSeconds: 50 });
      assert.equal(judgements.at(-1)?.verdict.status, 'silent');
      assert.equal(judgements.at(-1)?.verdict.spectral_error, 1);
      assert.equal(judgements.at(-1)?.verdict.loss_ratio, 1);
    });

    for (const offsetHz of [0.05, -0.05, 0.1, 0.35, 1]) {
      test(`another server's tone, ${offsetHz} Hz off: error at least 0.9`, () => {
        for (const isReal of [false, true]) {
          const bootId = isReal ? null : 7;
          const arrivals = simulateLink({ seed: 3, seconds: SECONDS, toneHz: toneHz + offsetHz, isReal, bootId });
          const { judgements } = listen(arrivals, { toneHz });
          assertWithin(meanError(judgements, FULL_WINDOW), 0.9, 1, `error of ${isReal ? 'real' : 'complex'} samples`);
        }
      });
    }

    test('samples replaced by noise: error at least 0.9', () => {
      for (const isReal of [false, true]) {
        const { judgements } = hear(toneHz, {
          isReal,
          bootId: isReal ? null : 7,
          distort: (sample, random) => ({ ...sample, re: isReal ? null : random.normal(), im: random.normal() }),
        });
        assertWithin(meanError(judgements, FULL_WINDOW), 0.9, 1, `error of ${isReal ? 'real' : 'complex'} samples`);
      }
    });

    test('sequence wrap: no loss, no error', () => {
      const { judgements, stream } = hear(toneHz, { firstSequence: 2 ** 32 - 600 });
      assertWithin(meanError(judgements, FULL_WINDOW), 0, 0.002, 'error');
      assert.deepEqual({ ...stream.counts, received: 0 }, zeroCounts());
    });

    test('agent restart: no loss, no error', () => {
      const before = simulateLink({ seed: 4, seconds: 30, toneHz, bootId: 1, firstSequence: 5000 });
      const startSeconds = EPOCH_SECONDS + 40;
      const after = simulateLink({ seed: 5, seconds: 40, toneHz, bootId: 2, startSeconds });
      const { judgements, stream } = listen([...before, ...after], { toneHz });
      assert.deepEqual({ ...stream.counts, received: 0 }, zeroCounts());
      assertWithin(meanError(judgements, 40 + FULL_WINDOW), 0, 0.002, 'error');
      const statuses = judgements.map(({ verdict }) => verdict.status);
      assert.deepEqual(new Set(statuses.slice(4, 28)), new Set(['healthy']));
      assert.deepEqual(new Set(statuses.slice(31, 39)), new Set(['silent']));
      assert.deepEqual(new Set(statuses.slice(44)), new Set(['healthy']));
    });
  });
}

function zeroCounts() {
  return { received: 0, lost: 0, late: 0, duplicate: 0, reordered: 0, conflict: 0 };
}
