import { niceTicks, toPixel, type AxisScale } from './axis-scale.ts';
import type { Surface } from './canvas-plot.tsx';

/** Left and right of all plots of the page, so that their axes stand below one another, CSS pixels. */
export const PLOT_LEFT = 48;
export const PLOT_RIGHT = 12;

/** Where a plot's curves are, between its axes. */
export interface PlotBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The lines and numbers of an upright axis. */
export function drawUprightAxis(
  { context, colours }: Surface,
  box: PlotBox,
  { axis, text, spacing = 36 }: { axis: AxisScale; text: (value: number) => string; spacing?: number },
): void {
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of niceTicks(axis, spacing)) {
    const y = Math.round(toPixel(axis, tick)) + 0.5;
    context.strokeStyle = colours.grid;
    drawLine(context, [box.left, y], [box.right, y]);
    context.fillStyle = colours['text-soft'];
    context.fillText(text(tick), box.left - 6, y);
  }
}

/** The lines of a level axis, and its numbers below the box. */
export function drawLevelAxis(
  { context, colours }: Surface,
  box: PlotBox,
  { axis, text, spacing = 80 }: { axis: AxisScale; text: ((value: number) => string) | null; spacing?: number },
): void {
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const tick of niceTicks(axis, spacing)) {
    const x = Math.round(toPixel(axis, tick)) + 0.5;
    context.strokeStyle = colours.grid;
    drawLine(context, [x, box.top], [x, box.bottom]);
    if (text === null) continue;
    context.fillStyle = colours['text-soft'];
    const words = text(tick);
    const half = context.measureText(words).width / 2;
    // The numbers at the ends lean inwards, or they would be cut off.
    context.fillText(words, Math.min(Math.max(x, half), box.right + PLOT_RIGHT - half), box.bottom + 5);
  }
}

/** The border of a box. */
export function drawBox({ context, colours }: Surface, box: PlotBox): void {
  context.strokeStyle = colours.line;
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.right - box.left - 1, box.bottom - box.top - 1);
}

/** A line at the cursor's place on a level axis. */
export function drawCursor({ context, colours }: Surface, box: PlotBox, x: number): void {
  if (x < box.left || x > box.right) return;
  context.strokeStyle = colours['line-strong'];
  context.setLineDash([3, 3]);
  drawLine(context, [Math.round(x) + 0.5, box.top], [Math.round(x) + 0.5, box.bottom]);
  context.setLineDash([]);
}

/** A line of one pixel between two places. */
export function drawLine(
  context: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** Draws within a box only. */
export function clipped(context: CanvasRenderingContext2D, box: PlotBox, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  draw();
  context.restore();
}

/** Fills a box with slanted lines: nothing is known here. */
export function hatch({ context, colours }: Surface, box: PlotBox): void {
  clipped(context, box, () => {
    context.fillStyle = colours.surface;
    context.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.strokeStyle = colours.line;
    const height = box.bottom - box.top;
    for (let x = box.left - height; x < box.right; x += 8) drawLine(context, [x, box.bottom], [x + height, box.top]);
  });
}
