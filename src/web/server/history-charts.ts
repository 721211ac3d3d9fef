import type UPlot from 'uplot';
import type { HistoryColumns } from './history-columns.ts';
import { PLOT_LEFT, PLOT_RIGHT } from './draw-axes.ts';
import { tickWords, timeWords } from '../words/number-words.ts';
import { colourOf } from '../theme/colours.ts';
import { merged, type Span } from '../store/spans.ts';
import type { ColourName } from './theme-colours.ts';
import { bandColour, type TimeBand } from './time-bands.ts';

/** What is drawn over the last minutes, one chart below the other. */
export const HISTORY_CHARTS = [
  { key: 'error', title: 'Error', unit: '%', least: 5 },
  { key: 'loss', title: 'Loss', unit: '%', least: 5 },
  { key: 'delay', title: 'Delay change', unit: 'ms', least: 5 },
  { key: 'jitter', title: 'Jitter', unit: 'ms', least: 5 },
] as const satisfies readonly {
  key: Exclude<keyof HistoryColumns, 'seconds'>;
  title: string;
  unit: string;
  least: number;
}[];

export type HistoryChart = (typeof HISTORY_CHARTS)[number];

const CHART_HEIGHT = 92;
const TIME_AXIS_HEIGHT = 24;

export interface ChartOptions {
  readonly chart: HistoryChart;
  readonly width: number;
  /** Whether the time axis is written below. */
  readonly isLast: boolean;
  readonly bands: () => readonly TimeBand[];
  readonly timeRange: () => readonly [number, number];
  /** The moment that is shown elsewhere, Unix seconds; null: none. */
  readonly atSeconds: () => number | null;
  readonly onCursor: (index: number | null) => void;
}

/** The options of one chart. Its colours are asked for at each drawing: the theme may change. */
export function chartOptions(of: ChartOptions): UPlot.Options {
  const { chart, width, isLast } = of;
  return {
    width,
    height: CHART_HEIGHT + (isLast ? TIME_AXIS_HEIGHT : 0),
    padding: [6, PLOT_RIGHT, 7, 0],
    legend: { show: false },
    cursor: {
      sync: { key: 'netwatch-server', setSeries: false },
      y: false,
      drag: { x: false, y: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: true, range: () => [...of.timeRange()] },
      y: { range: (_, low, high) => valueRange(low, high, chart.least) },
    },
    axes: axesOf(isLast),
    series: [{}, { stroke: inTheme('trace'), width: 1.5, points: { show: false }, spanGaps: false }],
    hooks: {
      drawClear: [(plot) => drawBands(plot, of.bands())],
      draw: [(plot) => drawMoment(plot, of.atSeconds())],
      setCursor: [(plot) => of.onCursor(plot.cursor.idx ?? null)],
    },
  };
}

function axesOf(isLast: boolean): UPlot.Axis[] {
  const axis = {
    stroke: inTheme('text-soft'),
    grid: { stroke: inTheme('grid'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return [
    {
      ...axis,
      size: isLast ? TIME_AXIS_HEIGHT : 0,
      space: 84,
      incrs: [5, 10, 20, 60, 120, 300, 600, 1800, 3600, 7200],
      values: (plot, ticks) => (isLast ? ticks.map((tick) => timeLabel(plot, tick)) : []),
    },
    { ...axis, size: PLOT_LEFT, gap: 6, space: 24, values: (_, ticks) => ticks.map((value) => tickWords(value)) },
  ];
}

function inTheme(name: ColourName): () => string {
  return () => colourOf(`--${name}`);
}

/** Nothing at the right end, where a label would be cut off. */
function timeLabel(plot: UPlot, seconds: number): string {
  const room = plot.bbox.width / devicePixelRatio - plot.valToPos(seconds, 'x');
  return room < 16 ? '' : timeWords(seconds);
}

/** From 0, or below it, to what was reached: at least the first `least` of the unit. */
function valueRange(low: number | null, high: number | null, least: number): [number, number] {
  return [Math.min(0, (low ?? 0) * 1.1), Math.max(least, (high ?? 0) * 1.15)];
}

function drawMoment(plot: UPlot, seconds: number | null): void {
  if (seconds === null) return;
  const { ctx: context, bbox } = plot;
  context.fillStyle = colourOf('--text');
  context.fillRect(Math.round(plot.valToPos(seconds, 'x', true)), bbox.top, 1.5 * devicePixelRatio, bbox.height);
}

function drawBands(plot: UPlot, bands: readonly TimeBand[]): void {
  const { ctx: context, bbox } = plot;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  const [top, half] = [bbox.top, Math.round(bbox.height / 2)];
  const end = bbox.left + bbox.width;
  // Above what was done, below what was heard of it: the two begin and end below one another.
  for (const [colour, isBelow] of [
    ['chaos-band', false],
    ['note-band', true],
    ['fault-band', true],
  ] as const) {
    for (const { from, until } of spansOf(bands, colour)) {
      const left = plot.valToPos(from, 'x', true);
      const right = until === Infinity ? end : plot.valToPos(until, 'x', true);
      context.fillStyle = colourOf(`--${colour}`);
      context.fillRect(left, isBelow ? top + half : top, right - left, isBelow ? bbox.height - half : half);
      context.fillStyle = colourOf('--line-strong');
      context.fillRect(Math.round(left), top, devicePixelRatio, bbox.height);
      if (until !== Infinity) context.fillRect(Math.round(right), top, devicePixelRatio, bbox.height);
    }
  }
  context.restore();
}

/** What has one colour at once is filled once; what lasts ends at infinity. */
function spansOf(bands: readonly TimeBand[], colour: string): readonly Span[] {
  const alike = bands.filter((band) => bandColour(band) === colour);
  return merged(alike.map(({ from, until }) => ({ from, until: until ?? Infinity })));
}
