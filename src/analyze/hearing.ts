import { type FrequencyPlan, isToneAllowed, toneHz } from '../core/frequency-plan.ts';
import type { Incident } from '../wire/api/incident.ts';

/** How the recording of one server is listened to. */
export interface Hearing {
  /** Tone it is expected to sing. */
  readonly frequencyHz: number;
  readonly sampleRateHz: number;
  /** Slots of a window, a power of two. */
  readonly windowSlots: number;
}

/** What the user gave; null where nothing was given: then the head of an incident says it, or the default holds. */
export interface HearingOptions {
  readonly sampleRateHz: number | null;
  readonly frequencyPlan: FrequencyPlan | null;
  readonly windowSlots: number | null;
}

/** Where neither a flag nor a head says another. */
export const DEFAULT_HEARING = {
  sampleRateHz: 20,
  frequencyPlan: { kind: 'default' },
  windowSlots: 256,
} as const satisfies HearingOptions;

const NOTHING_GIVEN: HearingOptions = { sampleRateHz: null, frequencyPlan: null, windowSlots: null };
const MIN_WINDOW_SLOTS = 64;
const MAX_WINDOW_SLOTS = 4096;
const MIN_RATE_HZ = 1;
const MAX_RATE_HZ = 1000;

/** What a recording of a server is listened to with: what the user gave, else what the head says, else the default. */
export function hearingOf(
  { rackId, serverId }: { readonly rackId: number; readonly serverId: number },
  head: Incident | null,
  given: HearingOptions = NOTHING_GIVEN,
): Hearing {
  const plan = given.frequencyPlan ?? DEFAULT_HEARING.frequencyPlan;
  const plannedHz = toneHz(plan, rackId, serverId);
  return {
    frequencyHz: given.frequencyPlan === null ? (head?.expected_frequency_hz ?? plannedHz) : plannedHz,
    sampleRateHz: given.sampleRateHz ?? head?.sample_rate_hz ?? DEFAULT_HEARING.sampleRateHz,
    windowSlots: given.windowSlots ?? head?.window_slots ?? DEFAULT_HEARING.windowSlots,
  };
}

/** Why nothing can be heard so, without a full stop; null when it can. */
export function hearingProblem({ frequencyHz, sampleRateHz, windowSlots }: Hearing): string | null {
  if (sampleRateHz < MIN_RATE_HZ || sampleRateHz > MAX_RATE_HZ) {
    return `its sample_rate_hz is ${sampleRateHz}, allowed: ${MIN_RATE_HZ} to ${MAX_RATE_HZ}`;
  }
  const isPowerOfTwo = (windowSlots & (windowSlots - 1)) === 0;
  if (windowSlots < MIN_WINDOW_SLOTS || windowSlots > MAX_WINDOW_SLOTS || !isPowerOfTwo) {
    return `its window_slots are ${windowSlots}, allowed: a power of two from ${MIN_WINDOW_SLOTS} to ${MAX_WINDOW_SLOTS}`;
  }
  return isToneAllowed(frequencyHz, sampleRateHz) ? null : `no tone below 0.45 × ${sampleRateHz} samples/s`;
}
