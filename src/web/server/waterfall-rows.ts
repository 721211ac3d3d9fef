import { COLOUR_TABLE, colourIndex } from './colour-map.ts';
import type { FrameRing } from '../store/frame-ring.ts';
import { binAt, centredOf, type CentredSpectrum } from './frequency-axis.ts';

/** Time that one row of a waterfall stands for. */
export const ROW_SECONDS = 0.5;
/** Time that a waterfall shows. */
export const WATERFALL_SECONDS = 300;
export const WATERFALL_ROWS: number = WATERFALL_SECONDS / ROW_SECONDS;

/** What is longer than whole minutes by no more than this is not worth another one. */
const SPARE_SECONDS = 5;

/** Time that is shown of what is so long: whole minutes, and of what is longer than a waterfall the end. */
export function waterfallSeconds(lengthSeconds: number): number {
  const minutes = Math.ceil((lengthSeconds - SPARE_SECONDS) / 60);
  return Math.min(Math.max(minutes, 1) * 60, WATERFALL_SECONDS);
}

/** More rows than this between two frames, and what was in between is not known. */
const GAP_ROWS = 2;

/** What a waterfall does with a frame: moves down by `shift` rows, then paints the frame into the first `paint` rows. */
export interface RowStep {
  readonly shift: number;
  readonly paint: number;
}

/**
 * The step from one frame to the next. Rows lie on a fixed grid of time, so that no rounding adds up; a frame that comes
 * a little late fills the row it left out, one that comes much later leaves a gap. Null: the clock was set back.
 */
export function rowStep(previousTimestamp: number, timestamp: number): RowStep | null {
  const shift = Math.round(timestamp / ROW_SECONDS) - Math.round(previousTimestamp / ROW_SECONDS);
  if (shift < 0) return null;
  return { shift, paint: shift <= GAP_ROWS ? Math.max(1, shift) : 1 };
}

/** A frame, and the rows that are its: the first counted from the top. */
export interface PlacedFrame<Frame> {
  readonly frame: Frame;
  readonly row: number;
  readonly paint: number;
}

/**
 * Where frames that came one after the other, oldest first, are to be painted, and by how many rows what was painted
 * before them moves down: by all where the clock was set back among them, and of the frames before that none is placed.
 * @param previousTimestamp of the frame before them; null: there was none
 */
export function placeFrames<Frame extends { readonly timestamp: number }>(
  frames: readonly Frame[],
  previousTimestamp: number | null,
): { readonly placed: readonly PlacedFrame<Frame>[]; readonly shift: number } {
  let placed: PlacedFrame<Frame>[] = [];
  let isAllMoved = false;
  let [before, shift] = [previousTimestamp, 0];
  for (const frame of frames) {
    const step = before === null ? { shift: 0, paint: 1 } : rowStep(before, frame.timestamp);
    if (step === null) [placed, isAllMoved] = [[], true];
    shift += step?.shift ?? 0;
    // Counted from where the newest row was; turned round below.
    placed.push({ frame, row: shift, paint: step?.paint ?? 1 });
    before = frame.timestamp;
  }
  const seen = placed.map(({ frame, row, paint }) => ({ frame, row: shift - row, paint }));
  return { placed: seen.filter(({ row }) => row < WATERFALL_ROWS), shift: isAllMoved ? WATERFALL_ROWS : shift };
}

/**
 * Paints a spectrum into one row of pixels (4 bytes each), its lowest frequency first. Columns share out the spectrum's
 * width; of several bins in one column the strongest is shown, so that no line is lost.
 */
export function paintRow(pixels: Uint8ClampedArray, spectrum: CentredSpectrum): void {
  const { powerDb } = spectrum;
  const columns = pixels.length / 4;
  for (let column = 0; column < columns; column++) {
    const first = Math.floor((column * powerDb.length) / columns);
    const last = Math.max(first, Math.ceil(((column + 1) * powerDb.length) / columns) - 1);
    let power = -Infinity;
    for (let bin = first; bin <= last; bin++) power = Math.max(power, powerDb[bin] ?? -Infinity);
    const colour = 3 * colourIndex(power);
    for (const channel of [0, 1, 2]) pixels[4 * column + channel] = COLOUR_TABLE[colour + channel] ?? 0;
    pixels[4 * column + 3] = 255;
  }
}

/** What is seen at a place of the waterfall. */
export interface WaterfallReading {
  readonly timestamp: number;
  readonly offsetHz: number;
  readonly powerDb: number;
}

/** Reads frames at a time and an offset from the tone; null where nothing was heard. */
export function readWaterfall(
  frames: Pick<FrameRing, 'length' | 'at'>,
  at: { readonly timestamp: number; readonly offsetHz: number },
): WaterfallReading | null {
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames.at(index);
    if (frame === null || Math.abs(frame.timestamp - at.timestamp) > ROW_SECONDS * 0.75) continue;
    const spectrum = centredOf(frame);
    const bin = spectrum === null ? null : binAt(spectrum, at.offsetHz);
    if (spectrum === null || bin === null) return null;
    const [offsetHz = 0, powerDb = 0] = [spectrum.offsetsHz[bin], spectrum.powerDb[bin]];
    return { timestamp: frame.timestamp, offsetHz, powerDb };
  }
  return null;
}
