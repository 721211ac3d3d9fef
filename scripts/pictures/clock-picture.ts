import { Stream } from '../../src/core/stream.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import { type Arrival, EPOCH_SECONDS, simulateLink } from '../../test/support/simulated-link.ts';
import { COLOUR } from './palette.ts';
import { createPlot, type Plot } from './plot.ts';
import { curve, dots, type Point } from './series.ts';
import { headHeight, pictureFile, text } from './svg.ts';

const TONE_HZ = 2.2;
const SECONDS = 300;
const SKEW_PPM = 200;
const STEP_FROM_SECONDS = 120;
const STEP_UNTIL_SECONDS = 210;
const WINDOW_SLOTS = 256;
/** Every fifth sample is drawn. */
const DRAWN = 5;
const LINES = [
  `The receiver’s clock is 3 s behind and runs ${SKEW_PPM} ppm fast; the path has 5 ms of jitter.`,
  `From ${STEP_FROM_SECONDS} s to ${STEP_UNTIL_SECONDS} s it is 200 ms longer. The line is neither pulled up nor bent by that.`,
];
const TOP = headHeight(LINES.length) + 24;
const HEIGHT = 165;
const GAP = 44;

interface Recovery {
  readonly raw: readonly Point[];
  readonly lateness: readonly Point[];
  readonly line: readonly Point[];
  readonly delay: readonly Point[];
  readonly skewPpm: number;
}

/** Raw delay, the learned line, and what is left. */
export function drawClock(): string {
  const recovery = recoverClock();
  const [above, below] = [rawPlot(), latenessPlot()];
  return pictureFile({
    width: 720,
    height: TOP + 2 * HEIGHT + GAP + 52,
    title: 'Two clocks and one path',
    lines: LINES,
    body: [above.frame, ...drawRaw(above, recovery), below.frame, ...drawLateness(below, recovery)],
  });
}

const TIME_AXIS = { min: 0, max: SECONDS, ticks: [0, 60, 120, 180, 240, 300] };

function rawPlot(): Plot {
  const y = { min: -3040, max: -2720, ticks: [-3000, -2900, -2800], label: 'r − t, ms' };
  const x = { ...TIME_AXIS, label: '' };
  return createPlot({ left: 74, top: TOP, width: 624, height: HEIGHT, x, y, hasXTicks: false, yLabelGap: 54 });
}

function latenessPlot(): Plot {
  const y = { min: -40, max: 240, ticks: [0, 100, 200], label: 'lateness e, ms' };
  const x = { ...TIME_AXIS, label: 'time, seconds' };
  return createPlot({ left: 74, top: TOP + HEIGHT + GAP, width: 624, height: HEIGHT, x, y, yLabelGap: 54 });
}

/** Listens as the rack does, and writes down what its clock recovery believed at each moment. */
function recoverClock(): Recovery {
  const arrivals = simulateLink({
    seed: 5,
    seconds: SECONDS,
    toneHz: TONE_HZ,
    skewPpm: SKEW_PPM,
    clockOffsetSeconds: -3,
    networkNoiseSeconds: 0.005,
    network: (elapsed) => (elapsed >= STEP_FROM_SECONDS && elapsed < STEP_UNTIL_SECONDS ? 0.2 : 0),
  });
  const stream = new Stream({
    rackId: 0,
    serverId: 0,
    frequencyHz: TONE_HZ,
    sampleRateHz: 20,
    windowSlots: WINDOW_SLOTS,
    isAuthenticated: false,
  });
  const analyzer = new WindowAnalyzer(WINDOW_SLOTS);
  const [raw, lateness, line, delay]: [Point[], Point[], Point[], Point[]] = [[], [], [], []];
  arrivals.forEach((arrival, i) => {
    stream.accept(arrival.sample, arrival.receivedSeconds);
    const { seconds, rawMs, expectedMs } = describe(arrival, stream);
    if (i % DRAWN === 0) {
      raw.push([seconds, rawMs]);
      lateness.push([seconds, rawMs - expectedMs]);
    }
    if (i % 20 !== 19) return;
    line.push([seconds, expectedMs]);
    const { delay_seconds } = analyzer.judge(stream, arrival.receivedSeconds).verdict;
    if (delay_seconds !== null) delay.push([seconds, 1000 * delay_seconds]);
  });
  return { raw, lateness, line, delay, skewPpm: 1e6 * (stream.clock.skew ?? Number.NaN) };
}

function describe({ sample, receivedSeconds }: Arrival, stream: Stream) {
  return {
    seconds: sample.sentSeconds - EPOCH_SECONDS,
    rawMs: 1000 * (receivedSeconds - sample.sentSeconds),
    expectedMs: 1000 * stream.clock.expectedDelaySeconds(sample.sentSeconds),
  };
}

function drawRaw(plot: Plot, { raw, line, skewPpm }: Recovery): string[] {
  const learned = `learned line: ${skewPpm.toFixed(1)} ppm`;
  return [
    text(plot.options.left, plot.options.top - 9, 'Raw delay: receive time minus send time', { weight: 600 }),
    dots(plot, raw, { fill: COLOUR.grey, diameter: 2.2, opacity: 0.7 }),
    curve(plot, line, { stroke: COLOUR.teal, width: 2.4 }),
    text(plot.x(290), plot.y(-2920), learned, { anchor: 'end', fill: COLOUR.teal, weight: 600, hasHalo: true }),
  ];
}

function drawLateness(plot: Plot, { lateness, delay }: Recovery): string[] {
  const { left, top } = plot.options;
  return [
    text(left, top - 9, 'Lateness: what lies above the line', { weight: 600 }),
    dots(plot, lateness, { fill: COLOUR.amber, diameter: 2.2, opacity: 0.7 }),
    curve(plot, delay, { stroke: COLOUR.vermilion, width: 2 }),
    text(plot.x(219), plot.y(150), 'delay in the verdict:', { fill: COLOUR.vermilion, weight: 600 }),
    text(plot.x(219), plot.y(150) + 16, 'median of the window', { fill: COLOUR.vermilion }),
  ];
}
