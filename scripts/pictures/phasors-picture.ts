import { gaussianJitter, hear, type Impairment, randomLoss } from './measure.ts';
import { COLOUR } from './palette.ts';
import { segment } from './plot.ts';
import type { Point } from './series.ts';
import { element, headHeight, pictureFile, short, text } from './svg.ts';

const TONE_HZ = 2.2;
const STEP_SECONDS = 0.2;
/** Base delay of the simulated link. */
const BASE_DELAY_SECONDS = 0.004;
const LINES = [
  `All 256 slots of a window (tone ${TONE_HZ} Hz), each turned back by the phase its sample should have had.`,
  'The arrow is the mean of all slots: its square is the signal. How the points scatter about it is the noise.',
];
const TOP = headHeight(LINES.length) + 30;
const RADIUS = 66;
const PITCH = 170;

interface Panel {
  readonly name: string;
  readonly points: readonly Point[];
  readonly note: string;
}

/** The slots of four windows as points in the plane. */
export function drawPhasors(): string {
  const panels: Panel[] = [
    { name: 'Clean', points: slotPoints({}), note: 'all in one place' },
    { name: '20 % loss', points: slotPoints(randomLoss(0.2)), note: 'a fifth of them at zero' },
    { name: '20 ms of jitter', points: slotPoints(gaussianJitter(0.02)), note: 'spread along the circle' },
    { name: '200 ms of delay', points: slotPoints({ network: afterThirty }), note: 'turned, all together' },
  ];
  return pictureFile({
    width: 720,
    height: TOP + 2 * RADIUS + 58,
    title: 'What loss, jitter and delay do to a sample',
    lines: LINES,
    body: panels.flatMap((panel, i) => drawPanel(panel, 20 + PITCH * (i + 0.5), TOP + RADIUS)),
  });
}

function afterThirty(elapsedSeconds: number): number {
  return elapsedSeconds < 30 ? 0 : STEP_SECONDS;
}

/** Slots of the last window, turned so that a sample that took the base delay points to the right. */
function slotPoints(impairment: Impairment): Point[] {
  const { slots } = hear(TONE_HZ, 60, impairment).stream;
  const first = slots.newest - slots.size + 1;
  return Array.from({ length: slots.size }, (_, n): Point => {
    const index = first + n;
    if (!slots.has(index)) return [0, 0];
    const angle = -2 * Math.PI * TONE_HZ * (slots.delaySeconds(index) - BASE_DELAY_SECONDS);
    return [Math.cos(angle), Math.sin(angle)];
  });
}

function drawPanel({ name, points, note }: Panel, centreX: number, centreY: number): string[] {
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const error = 1 - (meanX ** 2 + meanY ** 2) / mean(points.map(([x, y]) => x * x + y * y));
  const at = ([x, y]: Point): Point => [centreX + RADIUS * x, centreY - RADIUS * y];
  const dot = (point: Point) => `M${at(point).map(short).join(' ')}h0`;
  const [right, below] = [centreX + RADIUS + 8, centreY + RADIUS];
  return [
    element('circle', {
      cx: centreX,
      cy: centreY,
      r: RADIUS,
      fill: 'none',
      stroke: COLOUR.axis,
      'stroke-dasharray': '2 3',
    }),
    segment({ x1: centreX - RADIUS - 8, y1: centreY, x2: right, y2: centreY }, COLOUR.grid),
    segment({ x1: centreX, y1: centreY - RADIUS - 8, x2: centreX, y2: below + 8 }, COLOUR.grid),
    element('path', {
      d: points.map(dot).join(''),
      stroke: COLOUR.amber,
      'stroke-width': 7,
      'stroke-linecap': 'round',
      'stroke-opacity': '0.6',
    }),
    arrow([centreX, centreY], at([meanX, meanY])),
    text(centreX, centreY - RADIUS - 18, name, { anchor: 'middle', weight: 600 }),
    text(centreX, below + 27, note, { anchor: 'middle', fill: COLOUR.muted }),
    text(centreX, below + 45, `scattered power: ${Math.abs(error).toFixed(3)}`, { anchor: 'middle' }),
  ];
}

function arrow(from: Point, to: Point): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  const [baseX, baseY] = [to[0] - 10 * ux, to[1] - 10 * uy];
  const head = [to, [baseX - 4.5 * uy, baseY + 4.5 * ux], [baseX + 4.5 * uy, baseY - 4.5 * ux]];
  return (
    element('line', { x1: from[0], y1: from[1], x2: baseX, y2: baseY, stroke: COLOUR.teal, 'stroke-width': 2.6 }) +
    element('polygon', {
      points: head.map((point) => point.map(short).join(',')).join(' '),
      fill: COLOUR.teal,
    })
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
