import type { FrameWindow } from '../../wire/api/frame.ts';

/** `late`: it came, but more than one slot after it was due. `awaited`: its deadline has not passed. */
export type SlotState = 'received' | 'late' | 'lost' | 'awaited';

export interface SlotMark {
  readonly state: SlotState;
  /** Unix seconds, the sender's clock, at which it was due to be sent. */
  readonly dueSeconds: number;
  /** Seconds against the learned baseline; null where nothing came, or no baseline is known yet. */
  readonly latenessSeconds: number | null;
}

export type SlotCounts = Readonly<Record<SlotState, number>>;

/** A window's slots, oldest first. */
export function slotMarks(window: FrameWindow): readonly SlotMark[] {
  const { slots, lateness_seconds: lateness, sample_rate_hz: rate, newest_sent: newest } = window;
  return Array.from(slots, (letter, at) => {
    const late = lateness[at] ?? null;
    return {
      state: stateOf(letter, late, 1 / rate),
      dueSeconds: newest - (slots.length - 1 - at) / rate,
      latenessSeconds: late,
    };
  });
}

/** How many slots are in each state. */
export function countSlots(marks: readonly SlotMark[]): SlotCounts {
  const counts = { received: 0, late: 0, lost: 0, awaited: 0 };
  for (const { state } of marks) counts[state]++;
  return counts;
}

/** Which slot's turn it was at a time; null outside the window. */
export function slotAt(window: FrameWindow, unixSeconds: number): number | null {
  const { slots, sample_rate_hz: rate, newest_sent: newest } = window;
  const at = slots.length - 1 - Math.round((newest - unixSeconds) * rate);
  return at >= 0 && at < slots.length ? at : null;
}

function stateOf(letter: string, latenessSeconds: number | null, slotSeconds: number): SlotState {
  if (letter === 'l') return 'lost';
  if (letter === 'w') return 'awaited';
  return latenessSeconds !== null && latenessSeconds > slotSeconds ? 'late' : 'received';
}
