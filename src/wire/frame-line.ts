import * as v from 'valibot';
import { StreamFrameSchema, type StreamFrame } from './api/frame.ts';
import { parseJson } from './json-text.ts';

/** How the line of a frame begins: it is told from a report by that, before either is read. */
const FRAME_START = '{"type":"frame",';

/** A frame as a line, without its newline. */
export function encodeFrame(frame: StreamFrame): string {
  const { type, ...others } = frame;
  return JSON.stringify({ type, ...others } satisfies StreamFrame);
}

/** Whether a line of a rack is a frame, not a report. */
export function isFrameLine(line: string): boolean {
  return line.startsWith(FRAME_START);
}

/** Reads one line; null when it is no frame. Any text is answered, none throws; unknown keys are dropped. */
export function parseFrame(line: string): StreamFrame | null {
  const checked = v.safeParse(StreamFrameSchema, parseJson(line), { abortEarly: true });
  if (!checked.success) return null;
  const frame = checked.output;
  return frame.window === null || hasEqualLists(frame.window) ? frame : null;
}

function hasEqualLists({ slots, lateness_seconds, in_phase, quadrature }: NonNullable<StreamFrame['window']>): boolean {
  return [lateness_seconds, in_phase, quadrature].every((list) => list.length === slots.length);
}
