import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { timeWords } from '../words/number-words.ts';
import { colourOf } from '../theme/colours.ts';
import type { Span } from '../store/spans.ts';
import { RECENT_SECONDS } from './recent-spans.ts';

/** What the line's lower end may stand for: the limits of the words healthy and degraded, or nothing at all. */
export type ScoreFloor = 0 | 0.5 | 0.8;

/** How a chart is made. */
export interface RecentChartOptions {
  readonly box: HTMLElement;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly floor: ScoreFloor;
  /** Whether the time is written below: the last of several charts has it for all. */
  readonly hasAxis: boolean;
}

const AXIS_HEIGHT = 22;
const ILL_STRIP_HEIGHT = 3;
/** So near to an end a time is not written: half of it would be cut. */
const EDGE_SECONDS = 45;

/** What a chart of one rack shows. */
export interface RecentData {
  readonly times: number[];
  readonly scores: (number | null)[];
  readonly ill: readonly Span[];
  readonly chaos: readonly Span[];
  readonly faults: readonly Span[];
  /** Unix seconds at the right end. */
  readonly now: number;
}

/** A rack's score of the last quarter of an hour: a line of 0 to 1, chaos and faults as bands behind it, illness as a strip. */
export class RecentChart {
  readonly #plot: uPlot;
  #data: RecentData = { times: [], scores: [], ill: [], chaos: [], faults: [], now: 0 };

  constructor(of: RecentChartOptions) {
    const options = chartOptions(of);
    const hooks = { drawClear: [(plot: uPlot) => this.#drawBands(plot)] };
    this.#plot = new uPlot({ ...options, hooks }, [[], []], of.box);
  }

  show(data: RecentData): void {
    this.#data = data;
    this.#plot.setData([data.times, data.scores], false);
    this.#plot.setScale('x', { min: data.now - RECENT_SECONDS, max: data.now });
  }

  close(): void {
    this.#plot.destroy();
  }

  #drawBands(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { chaos, faults, ill, now } = this.#data;
    const fill = ({ from, until }: Span, top: number, height: number) => {
      const left = plot.valToPos(Math.max(from, now - RECENT_SECONDS), 'x', true);
      const right = plot.valToPos(Math.min(until, now), 'x', true);
      if (right > bbox.left) ctx.fillRect(left, top, Math.max(right - left, devicePixelRatio), height);
    };
    ctx.save();
    ctx.fillStyle = colourOf('--chaos-band');
    // Above what was done, below what was heard of it: the two begin and end below one another.
    const half = Math.round(bbox.height / 2);
    for (const span of chaos) fill(span, bbox.top, half);
    ctx.fillStyle = colourOf('--fault-band');
    for (const span of faults) fill(span, bbox.top + half, bbox.height - half);
    ctx.fillStyle = colourOf('--critical');
    const strip = ILL_STRIP_HEIGHT * devicePixelRatio;
    for (const span of ill) fill(span, bbox.top + bbox.height - strip, strip);
    ctx.restore();
  }
}

function chartOptions({ widthPx, heightPx, floor, hasAxis }: RecentChartOptions): uPlot.Options {
  const grid = { stroke: colourOf('--grid'), width: 1 };
  const soft = colourOf('--text-soft');
  return {
    width: widthPx,
    height: heightPx + (hasAxis ? AXIS_HEIGHT : 0),
    padding: [1, 0, hasAxis ? 0 : 1, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: true, auto: false },
      y: { auto: false, range: [floor - (1 - floor) * 0.05, 1 + (1 - floor) * 0.05] },
    },
    axes: [
      {
        grid,
        stroke: soft,
        ticks: { show: false },
        font: '11px system-ui, sans-serif',
        size: hasAxis ? AXIS_HEIGHT : 0,
        space: 70,
        values: hasAxis
          ? (plot, times) =>
              times.map((time) => (isNearEdge(time, plot.scales['x']) ? '' : timeWords(time).slice(0, 5)))
          : () => [],
      },
      {
        size: 0,
        grid,
        ticks: { show: false },
        splits: () => [0, 0.5, 0.8, 1].filter((limit) => limit > floor),
        values: () => [],
      },
    ],
    series: [{}, { stroke: colourOf('--trace'), width: 1.25, points: { show: false }, spanGaps: false }],
  };
}

function isNearEdge(time: number, scale: uPlot.Scale | undefined): boolean {
  return time < (scale?.min ?? 0) + EDGE_SECONDS || time > (scale?.max ?? Infinity) - EDGE_SECONDS;
}
