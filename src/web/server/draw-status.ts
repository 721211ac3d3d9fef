import type { ServerStatus } from '../../core/verdict.ts';
import { toPixel, type AxisScale } from './axis-scale.ts';
import type { Surface } from './canvas-plot.tsx';
import { clipped, drawBox, hatch, PLOT_LEFT, PLOT_RIGHT, type PlotBox } from './draw-axes.ts';
import { bandColour, type StatusSpan, type TimeBand } from './time-bands.ts';
import { lanesOf } from './time-lanes.ts';

/** How high a bar each status has, so that its colour need not tell it. */
const HEIGHTS: Readonly<Record<ServerStatus, number>> = {
  healthy: 0.3,
  warming: 0.3,
  warning: 0.65,
  critical: 1,
  silent: 1,
};

const STATUS_HEIGHT = 20;
const BAND_HEIGHT = 16;

/** Height of the canvas: with rows for bands when there are any. */
export function statusHeight(bands: readonly TimeBand[]): number {
  return 4 + STATUS_HEIGHT + lanesOf(bands).length * (BAND_HEIGHT + 2);
}

export interface StatusPicture {
  readonly spans: readonly StatusSpan[];
  readonly bands: readonly TimeBand[];
  /** Unix seconds at both ends. */
  readonly from: number;
  readonly until: number;
  /** The moment that is shown elsewhere; null: none. */
  readonly atSeconds: number | null;
}

/** Draws which status a server had when, and below it the names of what was injected and found. */
export function drawStatus(surface: Surface, { spans, bands, from, until, atSeconds }: StatusPicture): void {
  const { context, width, colours } = surface;
  const box = { left: PLOT_LEFT, right: width - PLOT_RIGHT, top: 2, bottom: 2 + STATUS_HEIGHT };
  const across = { low: from, high: until, from: box.left, to: box.right };
  context.fillStyle = colours['text-soft'];
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText('status', box.left - 6, (box.top + box.bottom) / 2);
  clipped(context, box, () => {
    for (const span of spans) drawSpan(surface, box, { span, across });
  });
  drawBox(surface, box);
  if (atSeconds !== null) {
    context.fillStyle = colours.text;
    context.fillRect(Math.round(toPixel(across, atSeconds)), box.top, 1.5, box.bottom - box.top);
  }
  lanesOf(bands).forEach((lane, at) => {
    const top = box.bottom + 2 + at * (BAND_HEIGHT + 2);
    const row = { ...box, top, bottom: top + BAND_HEIGHT };
    clipped(context, row, () => drawLane(surface, row, { lane, across }));
  });
}

function drawSpan(surface: Surface, box: PlotBox, { span, across }: { span: StatusSpan; across: AxisScale }): void {
  const { context, colours } = surface;
  const left = toPixel(across, span.from);
  const right = Math.max(left + 1, toPixel(across, span.until));
  const top = box.bottom - HEIGHTS[span.status] * (box.bottom - box.top);
  if (span.status === 'silent') hatch(surface, { left, right, top, bottom: box.bottom });
  context.fillStyle = span.status === 'warming' ? colours['line-strong'] : colours[span.status];
  context.fillRect(left, top, right - left, span.status === 'silent' ? 3 : box.bottom - top);
}

/** Fills the bands of a row and names them, the newest first, as far as there is room. */
function drawLane(
  { context, colours }: Surface,
  row: PlotBox,
  { lane, across }: { lane: readonly TimeBand[]; across: AxisScale },
): void {
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let free = row.right;
  for (const band of lane.toReversed()) {
    const left = Math.max(toPixel(across, band.from), row.left);
    const right = band.until === null ? row.right : toPixel(across, band.until);
    if (right <= row.left) continue;
    context.fillStyle = colours[bandColour(band)];
    context.fillRect(left, row.top, right - left, row.bottom - row.top);
    const words = `${band.kind}: ${band.label}`;
    const width = context.measureText(words).width;
    // What began a moment ago has its name before it.
    const start = left + 4 + width > free ? left - 4 - width : left + 4;
    if (start < row.left || start + width > free) continue;
    context.fillStyle = colours.text;
    context.fillText(words, start, (row.top + row.bottom) / 2);
    free = start - 8;
  }
}
