import type { ServerStatus } from '../../core/verdict.ts';
import { toPixel } from './axis-scale.ts';
import type { Surface } from './canvas-plot.tsx';
import { clipped, drawBox, hatch, PLOT_LEFT, PLOT_RIGHT } from './draw-axes.ts';
import type { StatusSpan } from './time-bands.ts';

/** How high a bar each status has, so that its colour need not tell it. */
const HEIGHTS: Readonly<Record<ServerStatus, number>> = {
  healthy: 0.3,
  warming: 0.3,
  warning: 0.65,
  critical: 1,
  silent: 1,
};

/** Draws which status a server had when. */
export function drawStatus(
  surface: Surface,
  { spans, from, until }: { spans: readonly StatusSpan[]; from: number; until: number },
): void {
  const { context, width, height, colours } = surface;
  const box = { left: PLOT_LEFT, right: width - PLOT_RIGHT, top: 2, bottom: height - 2 };
  const across = { low: from, high: until, from: box.left, to: box.right };
  context.fillStyle = colours['text-soft'];
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText('status', box.left - 6, height / 2);
  clipped(context, box, () => {
    for (const span of spans) {
      const left = toPixel(across, span.from);
      const right = Math.max(left + 1, toPixel(across, span.until));
      const top = box.bottom - HEIGHTS[span.status] * (box.bottom - box.top);
      if (span.status === 'silent') hatch(surface, { left, right, top, bottom: box.bottom });
      context.fillStyle = span.status === 'warming' ? colours['line-strong'] : colours[span.status];
      if (span.status === 'silent') context.fillRect(left, top, right - left, 3);
      else context.fillRect(left, top, right - left, box.bottom - top);
    }
  });
  drawBox(surface, box);
}
