import { toPixel } from './axis-scale.ts';
import type { Surface } from './canvas-plot.tsx';
import { clipped, drawBox, drawCursor, drawLine, hatch, PLOT_LEFT, PLOT_RIGHT } from './draw-axes.ts';
import { frequencyScale } from './draw-spectrum.ts';
import type { WaterfallPicture } from './waterfall-picture.ts';

const PADDING = 6;

/** Draws the last minutes of spectra, newest on top, over the frequency axis of the spectrum above it. */
export function drawWaterfall(
  surface: Surface,
  of: {
    readonly picture: WaterfallPicture;
    /** Time that it shows, whole minutes. */
    readonly seconds: number;
    readonly spanHz: number;
    readonly cursorHz: number | null;
    readonly cursorAgeSeconds: number | null;
  },
): void {
  const { context, width, height, colours } = surface;
  const box = { left: PLOT_LEFT, right: width - PLOT_RIGHT, top: PADDING, bottom: height - PADDING };
  hatch(surface, box);
  const place = { left: box.left, top: box.top, width: box.right - box.left, height: box.bottom - box.top };
  clipped(context, box, () => of.picture.drawInto(context, place, of));
  const down = ageScale(height, of.seconds);
  const minutes = of.seconds / 60;
  context.textAlign = 'right';
  for (let minute = 0; minute <= minutes; minute++) {
    const y = Math.min(Math.round(toPixel(down, minute * 60)), box.bottom - 1) + 0.5;
    context.strokeStyle = colours['line-strong'];
    drawLine(context, [box.left - 4, y], [box.left, y]);
    context.fillStyle = colours['text-soft'];
    context.textBaseline = minute === 0 ? 'top' : minute === minutes ? 'bottom' : 'middle';
    context.fillText(minute === 0 ? 'newest' : `−${minute} min`, box.left - 6, y);
  }
  drawBox(surface, box);
  if (of.cursorHz !== null) drawCursor(surface, box, toPixel(frequencyScale(of.spanHz, width), of.cursorHz));
  if (of.cursorAgeSeconds !== null) {
    const y = Math.round(toPixel(down, of.cursorAgeSeconds)) + 0.5;
    context.strokeStyle = 'rgb(255 255 255 / 70%)';
    context.setLineDash([3, 3]);
    drawLine(context, [box.left, y], [box.right, y]);
    context.setLineDash([]);
  }
}

/** Age of a row over the height of a waterfall's canvas, seconds. */
export function ageScale(height: number, seconds: number) {
  return { low: 0, high: seconds, from: PADDING, to: height - PADDING };
}
