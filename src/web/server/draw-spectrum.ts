import { toPixel, type AxisScale } from './axis-scale.ts';
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
import type { CentredSpectrum } from './frequency-axis.ts';
import type { LineFamily } from './line-families.ts';
import { tickWords, withUnit } from '../words/number-words.ts';
import { noiseFloorDb, toneBandHz, type SpectralLine } from './spectral-lines.ts';
import { lineLabels, type LineLabel } from './spectrum-words.ts';

/** Powers that the axis shows, dB. The lowest is far below what float32 samples on a clean link leave. */
const LOWEST_DB = -120;
const HIGHEST_DB = 4;
const TOP = 34;
const BOTTOM = 20;

export interface SpectrumPicture {
  readonly spectrum: CentredSpectrum | null;
  readonly mean: CentredSpectrum | null;
  readonly lines: readonly SpectralLine[];
  readonly family: LineFamily | null;
  /** Half width of the frequency axis. */
  readonly spanHz: number;
  /** Offset at which something is read; null where nothing is. */
  readonly cursorHz: number | null;
}

/** The frequency axis of spectrum and waterfall on a canvas of a width. */
export function frequencyScale(spanHz: number, width: number): AxisScale {
  return { low: -spanHz, high: spanHz, from: PLOT_LEFT, to: width - PLOT_RIGHT };
}

/** Draws a spectrum: power in dB over the frequency from the tone. */
export function drawSpectrum(surface: Surface, picture: SpectrumPicture): void {
  const { context, width, height, colours } = surface;
  const box = { left: PLOT_LEFT, right: width - PLOT_RIGHT, top: TOP, bottom: height - BOTTOM };
  const across = frequencyScale(picture.spanHz, width);
  const up = { low: LOWEST_DB, high: HIGHEST_DB, from: box.bottom, to: box.top };
  const axes = { box, across, up };
  if (picture.spectrum !== null) drawBand(surface, axes, picture.spectrum);
  drawUprightAxis(surface, box, { axis: up, text: tickWords, spacing: 30 });
  drawLevelAxis(surface, box, { axis: across, text: hertzWords });
  if (picture.spectrum !== null) {
    clipped(context, box, () => drawTraces(surface, axes, picture));
    drawFloor(surface, axes, picture.spectrum);
    drawMarks(surface, axes, picture.lines);
    drawLabels(surface, axes, lineLabels(picture.lines, picture.family));
  } else {
    context.fillStyle = colours['text-soft'];
    context.textAlign = 'center';
    context.fillText(
      'No spectrum yet: too few samples were heard.',
      (box.left + box.right) / 2,
      (box.top + box.bottom) / 2,
    );
  }
  drawBox(surface, box);
  if (picture.cursorHz !== null) drawCursor(surface, box, toPixel(across, picture.cursorHz));
}

function hertzWords(hz: number): string {
  return hz === 0 ? 'tone' : `${hz > 0 ? '+' : ''}${tickWords(hz)} Hz`;
}

interface Axes {
  readonly box: PlotBox;
  readonly across: AxisScale;
  readonly up: AxisScale;
}

function drawBand({ context, colours }: Surface, { box, across }: Axes, spectrum: CentredSpectrum): void {
  const half = toneBandHz(spectrum.binWidthHz);
  const [left, right] = [toPixel(across, -half), toPixel(across, half)];
  context.fillStyle = colours['accent-soft'];
  context.fillRect(left, box.top, right - left, box.bottom - box.top);
}

function drawTraces({ context, colours }: Surface, axes: Axes, { spectrum, mean }: SpectrumPicture): void {
  if (spectrum === null) return;
  context.lineJoin = 'round';
  trace(context, axes, spectrum);
  context.lineTo(axes.box.right, axes.box.bottom);
  context.lineTo(axes.box.left, axes.box.bottom);
  context.globalAlpha = 0.16;
  context.fillStyle = colours.trace;
  context.fill();
  context.globalAlpha = 1;
  if (mean !== null) {
    trace(context, axes, mean);
    context.strokeStyle = colours['text-soft'];
    context.lineWidth = 1;
    context.globalAlpha = 0.75;
    context.stroke();
    context.globalAlpha = 1;
  }
  trace(context, axes, spectrum);
  context.strokeStyle = colours.trace;
  context.lineWidth = 1.5;
  context.stroke();
}

/** A path from the box's left to its right side along a spectrum, which goes round where it ends. */
function trace(context: CanvasRenderingContext2D, { across, up }: Axes, spectrum: CentredSpectrum): void {
  const { offsetsHz, powerDb, binWidthHz } = spectrum;
  const size = powerDb.length;
  context.beginPath();
  for (let at = -1; at <= size; at++) {
    const bin = (at + size) % size;
    const offset = (offsetsHz[0] ?? 0) + at * binWidthHz;
    const x = toPixel(across, offset);
    const y = toPixel(up, Math.max(powerDb[bin] ?? LOWEST_DB, LOWEST_DB - 10));
    if (at === -1) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
}

function drawFloor({ context, colours }: Surface, { box, up }: Axes, spectrum: CentredSpectrum): void {
  const floor = noiseFloorDb(spectrum);
  if (floor === null || floor < LOWEST_DB) return;
  const y = Math.round(toPixel(up, floor)) + 0.5;
  context.strokeStyle = colours.text;
  context.setLineDash([6, 4]);
  drawLine(context, [box.left, y], [box.right, y]);
  context.setLineDash([]);
  const words = `noise floor ${withUnit(floor, 'dB')}`;
  const half = context.measureText(words).width + 8;
  context.fillStyle = colours.panel;
  context.globalAlpha = 0.85;
  context.fillRect(box.right - half - 2, y - 16, half, 13);
  context.globalAlpha = 1;
  context.fillStyle = colours.text;
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.fillText(words, box.right - 6, y - 3);
}

/** Marks every line. */
function drawMarks({ context, colours }: Surface, { box, across, up }: Axes, lines: readonly SpectralLine[]): void {
  context.fillStyle = colours.text;
  for (const { offsetHz, powerDb } of lines) {
    const [x, y] = [toPixel(across, offsetHz), toPixel(up, powerDb)];
    if (x < box.left || x > box.right) continue;
    context.beginPath();
    context.moveTo(x, y - 3);
    context.lineTo(x - 4, y - 10);
    context.lineTo(x + 4, y - 10);
    context.fill();
  }
}

/** Writes labels above the box, away from the tone, as far as there is room. */
function drawLabels({ context, colours }: Surface, { box, across, up }: Axes, labels: readonly LineLabel[]): void {
  const taken: [number, number][] = [];
  for (const { line, words } of labels) {
    const x = Math.round(toPixel(across, line.offsetHz)) + 0.5;
    if (x < box.left || x > box.right) continue;
    const width = Math.max(...words.map((word) => context.measureText(word).width));
    const isLeft = line.offsetHz < 0;
    const from = Math.min(Math.max(isLeft ? x - width : x, box.left), box.right - width);
    if (taken.some(([left, right]) => from + width + 6 > left && from - 6 < right)) continue;
    taken.push([from, from + width]);
    context.strokeStyle = colours['line-strong'];
    drawLine(context, [x, box.top - 2], [x, Math.max(box.top, toPixel(up, line.powerDb) - 11)]);
    context.textAlign = isLeft ? 'right' : 'left';
    context.textBaseline = 'top';
    context.fillStyle = colours.text;
    context.fillText(words[0], isLeft ? from + width : from, 4);
    context.fillStyle = colours['text-soft'];
    context.fillText(words[1], isLeft ? from + width : from, 18);
  }
}
