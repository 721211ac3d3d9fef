import { EMPTY_FAULT, type FaultFields } from './fault-fields.ts';

/** A fault with a name that needs no explanation. */
export interface FaultPreset {
  readonly id: string;
  /** `Lose packets, 20 %`. */
  readonly label: string;
  /** What one will see, in a sentence. */
  readonly effect: string;
  readonly fields: FaultFields;
}

/** In the order in which they are offered. Values that show at 20 samples a second and a window of 256, and
 * are no silence: that begins after 0.4 s. */
export const FAULT_PRESETS: readonly FaultPreset[] = [
  {
    id: 'loss',
    label: 'Lose packets, 20 %',
    effect: 'The noise floor rises over the whole spectrum, and the error becomes the share that is lost.',
    fields: { ...EMPTY_FAULT, loss: '20%' },
  },
  {
    id: 'bursts',
    label: 'Lose packets in bursts',
    effect:
      'A fifth is lost, in runs of two or three packets: gaps in the strip, and a floor that is higher near the tone.',
    fields: { ...EMPTY_FAULT, lossModel: 'gemodel:10,40,100,0' },
  },
  {
    id: 'delay',
    label: 'Delay packets, 200 ms',
    effect: 'All packets come later. The tone stays clean once the window has only late ones.',
    fields: { ...EMPTY_FAULT, delay: '200ms' },
  },
  {
    id: 'jitter',
    label: 'Shake packets, 20 ms',
    effect: 'Each packet is late by another time: the floor rises, nothing is lost.',
    fields: { ...EMPTY_FAULT, delay: '60ms', jitter: '20ms', distribution: 'normal' },
  },
  {
    id: 'reorder',
    label: 'Reorder packets, 25 %',
    effect: 'A quarter of the packets overtakes those before them; nothing is lost.',
    fields: { ...EMPTY_FAULT, delay: '120ms', reorder: '25%' },
  },
  {
    id: 'duplicate',
    label: 'Send packets twice, 30 %',
    effect: 'The second copy is counted and thrown away: the tone does not suffer.',
    fields: { ...EMPTY_FAULT, duplicate: '30%' },
  },
  {
    id: 'slow',
    label: 'A link that is too slow, 10 kbit/s',
    effect: 'A queue builds up: the delay grows for seconds, then packets are dropped.',
    fields: { ...EMPTY_FAULT, delay: '30ms', rate: '10kbit', limit: '12' },
  },
  {
    id: 'stall',
    label: 'A stall every 5 s, for 0.3 s',
    effect: 'Lines appear beside the tone, 0.2 Hz apart: one over 5 s.',
    fields: { ...EMPTY_FAULT, delay: '300ms', every: '5s', for: '300ms' },
  },
];

/** The preset of an id; undefined for values of one's own. */
export function presetOf(id: string): FaultPreset | undefined {
  return FAULT_PRESETS.find((preset) => preset.id === id);
}
