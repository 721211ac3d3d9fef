/** Highest share of the sample rate a tone may have: the rest is the guard band below Nyquist. */
const MAX_TONE_SHARE = 0.45;

/** Which tone each server sings. `default`: 1 + rack + 0.05 × server Hz. `band`: spread over a band, reused across racks. */
export type FrequencyPlan =
  { readonly kind: 'default' } | { readonly kind: 'band'; readonly lowHz: number; readonly highHz: number };

const GOLDEN_RATIO_CONJUGATE = (Math.sqrt(5) - 1) / 2;

/**
 * Reads `default` or `band:LOW-HIGH` (Hz).
 * @throws Error that says what is allowed.
 */
export function parseFrequencyPlan(text: string): FrequencyPlan {
  if (text === 'default') return { kind: 'default' };
  const match = /^band:(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text);
  const lowHz = Number(match?.[1]);
  const highHz = Number(match?.[2]);
  if (match && lowHz > 0 && highHz > lowHz) return { kind: 'band', lowHz, highHz };
  throw new Error(
    `"${text}" is not a frequency plan: allowed are "default" and "band:LOW-HIGH" with 0 < LOW < HIGH in Hz`,
  );
}

/**
 * The tone of one server, in Hz. In a band, servers follow the golden-ratio sequence, which keeps any number of them
 * apart without knowing how many there will be.
 */
export function toneHz(plan: FrequencyPlan, rackId: number, serverId: number): number {
  if (plan.kind === 'default') return 1 + rackId + 0.05 * serverId;
  const share = (serverId * GOLDEN_RATIO_CONJUGATE) % 1;
  return plan.lowHz + (plan.highHz - plan.lowHz) * share;
}

/** True when the tone stays below 0.45 × the sample rate. */
export function isToneAllowed(frequencyHz: number, sampleRateHz: number): boolean {
  return frequencyHz > 0 && frequencyHz < MAX_TONE_SHARE * sampleRateHz;
}

/**
 * Checks every tone of a plan.
 * @throws Error that names the first rack and server whose tone is too high, and the limit.
 */
export function checkPlan(options: {
  plan: FrequencyPlan;
  rackIds: Iterable<number>;
  serverIds: Iterable<number>;
  sampleRateHz: number;
}): void {
  const { plan, sampleRateHz } = options;
  const serverIds = [...options.serverIds];
  for (const rackId of options.rackIds) {
    for (const serverId of serverIds) {
      const frequencyHz = toneHz(plan, rackId, serverId);
      if (isToneAllowed(frequencyHz, sampleRateHz)) continue;
      const limitHz = MAX_TONE_SHARE * sampleRateHz;
      throw new Error(
        `rack ${rackId} server ${serverId} would sing ${round(frequencyHz)} Hz, but every tone must stay below ` +
          `${round(limitHz)} Hz (0.45 × ${sampleRateHz} samples/s): raise the rate or use --frequency-plan band:LOW-HIGH`,
      );
    }
  }
}

function round(hz: number): number {
  return Math.round(hz * 1e4) / 1e4;
}
