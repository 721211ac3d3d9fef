import { niceRange, toPixel, type AxisScale } from './axis-scale.ts';
import type { Surface } from './canvas-plot.tsx';
import {
  clipped,
  drawBox,
  drawCursor,
  drawLevelAxis,
  drawLine,
  drawUprightAxis,
  PLOT_LEFT,
  PLOT_RIGHT,
  type PlotBox,
} from './draw-axes.ts';
import { tickWords, timeWords } from '../words/number-words.ts';
import type { SlotMark, SlotState } from './slot-states.ts';

const STRIP_TOP = 6;
const STRIP_HEIGHT = 36;
const BETWEEN = 16;
const BOTTOM = 20;
/** Lateness that the axis shows at the least, ms: what a quiet link does fills a tenth of it. */
const LEAST_MS = { low: -2, high: 10 };

/** How much of the strip's height a slot of each state fills: what is well is low, what is lost stands out. */
const HEIGHTS: Readonly<Record<SlotState, number>> = { received: 0.45, late: 0.75, lost: 1, awaited: 0.2 };

export interface SlotPicture {
  readonly marks: readonly SlotMark[];
  readonly slotSeconds: number;
  readonly cursorSeconds: number | null;
}

/** The time axis of the slots on a canvas of a width; half a slot more at both ends. */
export function slotScale(marks: readonly SlotMark[], slotSeconds: number, width: number): AxisScale {
  const [first = 0, last = 1] = [marks[0]?.dueSeconds, marks.at(-1)?.dueSeconds];
  const half = slotSeconds / 2;
  return { low: first - half, high: last + half, from: PLOT_LEFT, to: width - PLOT_RIGHT };
}

/** Draws what became of every slot, and below it how late each sample was, on one time axis. */
export function drawSlots(surface: Surface, { marks, slotSeconds, cursorSeconds }: SlotPicture): void {
  const { context, width, height, colours } = surface;
  const strip = { left: PLOT_LEFT, right: width - PLOT_RIGHT, top: STRIP_TOP, bottom: STRIP_TOP + STRIP_HEIGHT };
  const box = { ...strip, top: strip.bottom + BETWEEN, bottom: height - BOTTOM };
  const across = slotScale(marks, slotSeconds, width);
  context.fillStyle = colours['text-soft'];
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText('slots', strip.left - 6, (strip.top + strip.bottom) / 2);
  for (const mark of marks) drawSlot(surface, strip, { mark, across, slotSeconds });
  drawLateness(surface, box, { marks, across, slotSeconds });
  drawBox(surface, strip);
  drawBox(surface, box);
  if (cursorSeconds === null) return;
  for (const part of [strip, box]) drawCursor(surface, part, toPixel(across, cursorSeconds));
}

function drawSlot(
  { context, colours }: Surface,
  strip: PlotBox,
  { mark, across, slotSeconds }: { mark: SlotMark; across: AxisScale; slotSeconds: number },
): void {
  const left = toPixel(across, mark.dueSeconds - slotSeconds / 2);
  const right = toPixel(across, mark.dueSeconds + slotSeconds / 2);
  const gap = right - left > 3 ? 1 : 0;
  const width = Math.max(1, right - left - gap);
  const tall = HEIGHTS[mark.state] * (strip.bottom - strip.top);
  const top = strip.bottom - tall;
  switch (mark.state) {
    case 'received':
      context.fillStyle = colours['trace-soft'];
      return context.fillRect(left, top, width, tall);
    case 'late':
      context.fillStyle = colours.warning;
      return context.fillRect(left, top, width, tall);
    case 'lost':
      // A hole from top to bottom, closed at both ends.
      context.globalAlpha = 0.25;
      context.fillStyle = colours.critical;
      context.fillRect(left, top, width, tall);
      context.globalAlpha = 1;
      context.fillRect(left, top, width, 4);
      return context.fillRect(left, strip.bottom - 4, width, 4);
    case 'awaited':
      context.fillStyle = colours['line-strong'];
      return context.fillRect(left, strip.bottom - 2, width, 2);
  }
}

function drawLateness(
  surface: Surface,
  box: PlotBox,
  { marks, across, slotSeconds }: { marks: readonly SlotMark[]; across: AxisScale; slotSeconds: number },
): void {
  const { context, colours } = surface;
  const known = marks.flatMap(({ latenessSeconds }) => (latenessSeconds === null ? [] : [latenessSeconds * 1000]));
  const up = { ...niceRange(known, LEAST_MS), from: box.bottom, to: box.top };
  drawUprightAxis(surface, box, { axis: up, text: (ms) => `${tickWords(ms)} ms`, spacing: 28 });
  drawLevelAxis(surface, box, { axis: across, text: marks.length === 0 ? null : timeWords, spacing: 90 });
  const zero = toPixel(up, 0);
  context.strokeStyle = colours['line-strong'];
  drawLine(context, [box.left, Math.round(zero) + 0.5], [box.right, Math.round(zero) + 0.5]);
  clipped(context, box, () => {
    const limit = toPixel(up, slotSeconds * 1000);
    context.strokeStyle = colours.warning;
    context.setLineDash([2, 4]);
    drawLine(context, [box.left, Math.round(limit) + 0.5], [box.right, Math.round(limit) + 0.5]);
    context.setLineDash([]);
    for (const { dueSeconds, latenessSeconds, state } of marks) {
      const x = toPixel(across, dueSeconds);
      if (state === 'lost') drawCross(surface, x, zero);
      if (latenessSeconds === null) continue;
      const y = toPixel(up, latenessSeconds * 1000);
      context.strokeStyle = colours['trace-soft'];
      drawLine(context, [x, zero], [x, y]);
      context.fillStyle = state === 'late' ? colours.warning : colours.trace;
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
  });
}

function drawCross({ context, colours }: Surface, x: number, y: number): void {
  context.strokeStyle = colours.critical;
  drawLine(context, [x - 3, y - 3], [x + 3, y + 3]);
  drawLine(context, [x - 3, y + 3], [x + 3, y - 3]);
}
