import { createTone } from '../src/core/tone.ts';
import { createSpectrumPlan } from '../src/core/power-spectrum.ts';
import type { Sample } from '../src/core/sample.ts';
import { Stream } from '../src/core/stream.ts';
import { WindowAnalyzer } from '../src/core/window-analyzer.ts';
import type { Bench } from './bench.ts';
import { median, rangeText } from './statistics.ts';

const WINDOW_SLOTS = 256;
const SAMPLE_RATE_HZ = 20;
/** Samples between two verdicts. */
const HOP_SLOTS = 20;
/** As many as a large rack has, so that no stream is still in the fastest cache from its last turn. */
const STREAMS = 512;
const SECONDS = 4;
const WARMUP_SECONDS = 1;
const START_SECONDS = 1_800_000_000;
const DELAY_SECONDS = 0.0002;
const TARGET_MICROSECONDS = 15;

interface Listener {
  /** Lets a hop of samples arrive at every stream; not measured. */
  advance(): void;
  /** Draws the verdict of every stream; returns µs for each. */
  judge(): number;
}

/** Time of one verdict over a full window, against that of its Fourier transform alone. */
export const benchVerdict: Bench = async (context) => {
  const complex = createListener(false);
  const real = createListener(true);
  const transform = createTransform();
  const figures = { complex: [0], real: [0], transform: [0] };
  const run = (seconds: number): void => {
    figures.complex = [];
    figures.real = [];
    figures.transform = [];
    for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
      complex.advance();
      real.advance();
      figures.complex.push(complex.judge());
      figures.real.push(real.judge());
      figures.transform.push(transform());
    }
  };
  context.progress('warming up');
  run(WARMUP_SECONDS);
  context.progress('measuring');
  run(context.seconds ?? SECONDS);
  return describe(figures);
};

function describe(figures: Readonly<Record<'complex' | 'real' | 'transform', readonly number[]>>) {
  const [complex, real, transform] = [median(figures.complex), median(figures.real), median(figures.transform)];
  const what = `its ${WINDOW_SLOTS}-point window and FFT alone`;
  const toTransform = (value: number) => ({ what, ratio: value / transform });
  return {
    rows: [
      { what, value: transform, unit: 'µs', target: null, baseline: null },
      {
        what: 'verdict, complex samples',
        value: complex,
        unit: 'µs',
        target: TARGET_MICROSECONDS,
        baseline: toTransform(complex),
      },
      { what: 'verdict, real samples', value: real, unit: 'µs', target: null, baseline: toTransform(real) },
    ],
    notes: [
      `medians of ${figures.complex.length} rounds of ${STREAMS} streams, each ${HOP_SLOTS} samples further; complex ${rangeText(figures.complex, 1)} µs`,
    ],
  };
}

function createListener(isReal: boolean): Listener {
  const analyzer = new WindowAnalyzer(WINDOW_SLOTS);
  const streams = Array.from({ length: STREAMS }, (_, serverId) => createStream(serverId));
  let slot = 0;
  const advance = (slots: number): void => {
    for (const end = slot + slots; slot < end; slot++) {
      for (const { stream, tone } of streams) {
        const sentSeconds = START_SECONDS + slot / SAMPLE_RATE_HZ;
        const im = tone.inPhase(sentSeconds);
        const re = isReal ? null : tone.quadrature(sentSeconds);
        const { rackId, serverId } = stream.options;
        const sample: Sample = { rackId, serverId, bootId: 1, sequence: slot, sentSeconds, re, im };
        stream.accept(sample, sentSeconds + DELAY_SECONDS);
      }
    }
  };
  advance(WINDOW_SLOTS);
  return {
    advance: () => advance(HOP_SLOTS),
    judge() {
      const nowSeconds = START_SECONDS + slot / SAMPLE_RATE_HZ;
      const began = performance.now();
      for (const { stream } of streams) analyzer.judge(stream, nowSeconds);
      return ((performance.now() - began) * 1000) / STREAMS;
    },
  };
}

function createStream(serverId: number) {
  const frequencyHz = 1 + (7 * serverId) / STREAMS;
  const options = { rackId: 0, serverId, frequencyHz, sampleRateHz: SAMPLE_RATE_HZ, windowSlots: WINDOW_SLOTS };
  return { stream: new Stream({ ...options, isAuthenticated: false }), tone: createTone(frequencyHz) };
}

/** The same number of transforms of one full window; returns µs for each. */
function createTransform(): () => number {
  const plan = createSpectrumPlan(WINDOW_SLOTS);
  const slots = Float64Array.from({ length: 2 * WINDOW_SLOTS }, (_, n) => Math.cos(n * n));
  return () => {
    const began = performance.now();
    for (let i = 0; i < STREAMS; i++) {
      plan.input.set(slots);
      plan.transform();
    }
    return ((performance.now() - began) * 1000) / STREAMS;
  };
}
