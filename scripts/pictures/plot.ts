import { COLOUR } from './palette.ts';
import { element, text } from './svg.ts';

export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  readonly label: string;
  /** How a tick is written; plain, with a real minus sign, when absent. */
  readonly format?: (value: number) => string;
}

export interface PlotOptions {
  /** Top left corner and size of the area that holds the data; ticks and labels lie outside. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  /** False where the plot below shows the same axis. */
  readonly hasXTicks?: boolean;
  /** Distance of the y label from the axis. */
  readonly yLabelGap?: number;
}

/** Maps values to pixels, and draws the frame they are read against. */
export interface Plot {
  readonly options: PlotOptions;
  x(value: number): number;
  y(value: number): number;
  /** Grid, axes, ticks, labels; goes below the data. */
  readonly frame: string;
}

export function createPlot(options: PlotOptions): Plot {
  const { left, top, width, height } = options;
  const x = (value: number) => left + ((value - options.x.min) / (options.x.max - options.x.min)) * width;
  const y = (value: number) => top + height - ((value - options.y.min) / (options.y.max - options.y.min)) * height;
  return { options, x, y, frame: [...xAxis(options, x), ...yAxis(options, y)].join('\n') };
}

/** A number as people write it: with a minus sign, not a hyphen. */
export function plain(value: number): string {
  return String(value).replace('-', '−');
}

function xAxis(options: PlotOptions, x: (value: number) => number): string[] {
  const { left, top, width, height } = options;
  const axis = options.x;
  const bottom = top + height;
  const parts = axis.ticks.map((tick) => segment({ x1: x(tick), y1: top, x2: x(tick), y2: bottom }, COLOUR.grid));
  parts.push(segment({ x1: left, y1: bottom, x2: left + width, y2: bottom }, COLOUR.axis));
  if (options.hasXTicks === false) return parts;
  for (const tick of axis.ticks) {
    parts.push(segment({ x1: x(tick), y1: bottom, x2: x(tick), y2: bottom + 4 }, COLOUR.axis));
    const label = (axis.format ?? plain)(tick);
    parts.push(text(x(tick), bottom + 17, label, { anchor: 'middle', fill: COLOUR.muted, size: 11 }));
  }
  if (axis.label) parts.push(text(left + width / 2, bottom + 35, axis.label, { anchor: 'middle' }));
  return parts;
}

function yAxis(options: PlotOptions, y: (value: number) => number): string[] {
  const { left, top, width, height } = options;
  const axis = options.y;
  const parts = axis.ticks.flatMap((tick) => [
    segment({ x1: left, y1: y(tick), x2: left + width, y2: y(tick) }, COLOUR.grid),
    text(left - 7, y(tick) + 4, (axis.format ?? plain)(tick), { anchor: 'end', fill: COLOUR.muted, size: 11 }),
  ]);
  parts.push(segment({ x1: left, y1: top, x2: left, y2: top + height }, COLOUR.axis));
  const labelX = left - (options.yLabelGap ?? 42);
  if (axis.label) parts.push(text(labelX, top + height / 2, axis.label, { anchor: 'middle', rotate: -90 }));
  return parts;
}

/** A straight line between two places in pixels. */
export function segment(ends: { x1: number; y1: number; x2: number; y2: number }, stroke: string, dash = ''): string {
  return element('line', { ...ends, stroke, ...(dash ? { 'stroke-dasharray': dash } : {}) });
}
