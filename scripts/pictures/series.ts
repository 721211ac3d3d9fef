import type { Plot } from './plot.ts';
import { element, short } from './svg.ts';

export type Point = readonly [x: number, y: number];

export interface LineStyle {
  readonly stroke: string;
  readonly width?: number;
  readonly dash?: string;
  readonly opacity?: number;
}

/** A line through points given in the plot's values. */
export function curve(plot: Plot, points: readonly Point[], style: LineStyle): string {
  return element('path', {
    d: polyline(points.map(([x, y]) => [plot.x(x), plot.y(y)])),
    fill: 'none',
    stroke: style.stroke,
    'stroke-width': style.width ?? 1.5,
    'stroke-linejoin': 'round',
    ...(style.dash ? { 'stroke-dasharray': style.dash } : {}),
    ...(style.opacity ? { 'stroke-opacity': String(style.opacity) } : {}),
  });
}

/** Absolute start, then short relative steps that do not let rounding add up. */
function polyline(pixels: readonly Point[]): string {
  let [lastX, lastY] = [0, 0];
  return pixels
    .map(([x, y], i) => {
      const step = `${i === 0 ? 'M' : 'l'}${short(x - lastX)} ${short(y - lastY)}`;
      lastX += Number(short(x - lastX));
      lastY += Number(short(y - lastY));
      return step;
    })
    .join('');
}

/** Many equal dots as one path of round-capped points, which keeps the file small. */
export function dots(
  plot: Plot,
  points: readonly Point[],
  style: { fill: string; diameter: number; opacity?: number },
): string {
  return element('path', {
    d: points.map(([x, y]) => `M${short(plot.x(x))} ${short(plot.y(y))}h0`).join(''),
    stroke: style.fill,
    'stroke-width': style.diameter,
    'stroke-linecap': 'round',
    ...(style.opacity ? { 'stroke-opacity': String(style.opacity) } : {}),
  });
}

/** Straight lines that do not touch one another, each from one point to another. */
export function strokes(plot: Plot, pairs: readonly (readonly [Point, Point])[], style: LineStyle): string {
  const d = pairs.map(
    ([[x1, y1], [x2, y2]]) => `M${short(plot.x(x1))} ${short(plot.y(y1))}L${short(plot.x(x2))} ${short(plot.y(y2))}`,
  );
  return element('path', { d: d.join(''), stroke: style.stroke, 'stroke-width': style.width ?? 1, fill: 'none' });
}

export type Shape = 'circle' | 'square' | 'diamond' | 'triangle';

/** One mark of a given shape, so that series differ by more than colour. Pixels. */
export function mark(x: number, y: number, shape: Shape, fill: string): string {
  const style = { fill, stroke: '#fff', 'stroke-width': 0.8 };
  if (shape === 'circle') return element('circle', { cx: x, cy: y, r: 4.2, ...style });
  if (shape === 'square') return element('rect', { x: x - 3.8, y: y - 3.8, width: 7.6, height: 7.6, ...style });
  const d =
    shape === 'diamond'
      ? `M${short(x)} ${short(y - 5.2)}l5.2 5.2l-5.2 5.2l-5.2 -5.2z`
      : `M${short(x)} ${short(y - 5)}l5 8.8h-10z`;
  return element('path', { d, ...style });
}
