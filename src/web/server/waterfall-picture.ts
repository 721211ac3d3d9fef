import type { StreamFrame } from '../../wire/api/frame.ts';
import type { FrameRing } from '../store/frame-ring.ts';
import { centredOf, type CentredSpectrum } from './frequency-axis.ts';
import { paintRow, placeFrames, ROW_SECONDS, WATERFALL_ROWS } from './waterfall-rows.ts';

/** Columns of the picture: two for each bin of the usual window. */
const COLUMNS = 512;

/** The last minutes as pixels, newest on top. Each frame is painted once; what was painted before moves down. */
export class WaterfallPicture {
  readonly #canvas = document.createElement('canvas');
  readonly #context: CanvasRenderingContext2D | null;
  readonly #row = new ImageData(COLUMNS, 1);
  #ring: FrameRing | null = null;
  #seen = 0;
  #newest: StreamFrame | null = null;
  #spectrum: CentredSpectrum | null = null;

  constructor() {
    this.#canvas.width = COLUMNS;
    this.#canvas.height = WATERFALL_ROWS;
    this.#context = this.#canvas.getContext('2d');
  }

  /** Takes over what came since the last time. */
  update(ring: FrameRing): void {
    if (ring !== this.#ring) this.#begin(ring);
    const missed = Math.min(ring.total - this.#seen, ring.length);
    const frames: StreamFrame[] = [];
    for (let index = ring.length - missed; index < ring.length; index++) {
      const frame = ring.at(index);
      if (frame !== null) frames.push(frame);
    }
    this.#add(frames);
    this.#seen = ring.total;
  }

  /** Paints the newest part, within ±`spanHz` of the tone, into a rectangle. */
  drawInto(
    context: CanvasRenderingContext2D,
    to: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
    { spanHz, seconds }: { readonly spanHz: number; readonly seconds: number },
  ): void {
    if (this.#spectrum === null) return;
    const { offsetsHz, binWidthHz } = this.#spectrum;
    const perHz = COLUMNS / (binWidthHz * offsetsHz.length);
    const lowest = (offsetsHz[0] ?? 0) - binWidthHz / 2;
    context.imageSmoothingEnabled = false;
    const [from, width] = [(-spanHz - lowest) * perHz, 2 * spanHz * perHz];
    context.drawImage(this.#canvas, from, 0, width, seconds / ROW_SECONDS, to.left, to.top, to.width, to.height);
  }

  #begin(ring: FrameRing): void {
    this.#context?.clearRect(0, 0, COLUMNS, WATERFALL_ROWS);
    this.#ring = ring;
    this.#seen = 0;
    this.#newest = null;
    this.#spectrum = null;
  }

  /** Moves down what was painted before, once for all of them, and paints each into its row. */
  #add(frames: readonly StreamFrame[]): void {
    const context = this.#context;
    if (context === null) return;
    const { placed, shift } = placeFrames(frames, this.#newest?.timestamp ?? null);
    if (shift >= WATERFALL_ROWS) context.clearRect(0, 0, COLUMNS, WATERFALL_ROWS);
    else if (shift > 0) this.#moveDown(context, shift);
    for (const { frame, row, paint } of placed) {
      const spectrum = centredOf(frame);
      if (spectrum === null) continue;
      paintRow(this.#row.data, spectrum);
      for (let below = 0; below < paint; below++) context.putImageData(this.#row, 0, row + below);
      this.#spectrum = spectrum;
    }
    this.#newest = frames.at(-1) ?? this.#newest;
  }

  #moveDown(context: CanvasRenderingContext2D, rows: number): void {
    // Copying also clears what is left behind.
    context.globalCompositeOperation = 'copy';
    context.drawImage(this.#canvas, 0, rows);
    context.globalCompositeOperation = 'source-over';
  }
}
