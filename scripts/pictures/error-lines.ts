import { gaussianJitter, measuredError, randomLoss } from './measure.ts';
import { COLOUR } from './palette.ts';
import { createPlot, type Plot } from './plot.ts';
import { curve, mark, type Point } from './series.ts';
import { headHeight, pictureFile, text } from './svg.ts';
import { jitterError, TONES } from './tones.ts';

const SECONDS = 120;
const LINES = [
  'Each mark is a link simulated for two minutes and heard by the real receiver, the mean of its full windows.',
  'The lines are the theory of this page; nothing is fitted.',
];
const TOP = headHeight(LINES.length) + 22;
const HEIGHT = 270;

/** Measured spectral error against loss and against jitter, on the lines of theory. */
export function drawErrorLines(): string {
  const loss = createPlot({
    left: 62,
    top: TOP,
    width: 268,
    height: HEIGHT,
    x: { min: 0, max: 0.7, ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], label: 'random loss p' },
    y: { min: 0, max: 0.7, ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], label: 'spectral error' },
  });
  const jitter = createPlot({
    left: 396,
    top: TOP,
    width: 252,
    height: HEIGHT,
    x: { min: 0, max: 50, ticks: [0, 10, 20, 30, 40, 50], label: 'jitter σ, ms' },
    y: { min: 0, max: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], label: '' },
  });
  return pictureFile({
    width: 720,
    height: TOP + HEIGHT + 52,
    title: 'Loss counts as itself; jitter counts by the tone that feels it',
    lines: LINES,
    body: [loss.frame, jitter.frame, ...lossMarks(loss), ...jitterMarks(jitter), ...legend(loss)],
  });
}

/** Each tone has its own loss rates, so that the marks do not cover one another. */
function lossMarks(plot: Plot): string[] {
  const parts = [
    curve(
      plot,
      [
        [0, 0],
        [0.7, 0.7],
      ],
      { stroke: COLOUR.ink, width: 1.2 },
    ),
    text(plot.x(0.02), plot.options.top - 9, 'Loss: error = p', { weight: 600 }),
  ];
  TONES.forEach(({ hz, colour, shape }, i) => {
    for (let k = 0; k < 4; k++) {
      const p = 0.015 + 0.165 * k + 0.04 * i;
      parts.push(mark(plot.x(p), plot.y(measuredError(hz, SECONDS, randomLoss(p))), shape, colour));
    }
  });
  return parts;
}

function jitterMarks(plot: Plot): string[] {
  const formula = 'Jitter: error = 1 − e^{−(2πfσ)²}';
  const parts = [text(plot.x(1.5), plot.options.top - 9, formula, { weight: 600 })];
  for (const { hz, colour, shape } of TONES) {
    const line = Array.from({ length: 101 }, (_, i): Point => [i / 2, jitterError(hz, i / 2000)]);
    parts.push(curve(plot, line, { stroke: colour, width: 1.8 }));
    for (let sigmaMs = 0; sigmaMs <= 50; sigmaMs += 5) {
      const error = measuredError(hz, SECONDS, gaussianJitter(sigmaMs / 1000));
      parts.push(mark(plot.x(sigmaMs), plot.y(error), shape, colour));
    }
    parts.push(text(plot.x(50) + 9, plot.y(jitterError(hz, 0.05)) + 4, `${hz.toFixed(2)} Hz`));
  }
  return parts;
}

function legend(plot: Plot): string[] {
  return TONES.flatMap(({ hz, colour, shape }, i) => {
    const [x, y] = [plot.x(0.04), plot.options.top + 20 + 19 * i];
    return [mark(x, y - 4, shape, colour), text(x + 11, y, `${hz.toFixed(2)} Hz`)];
  });
}
