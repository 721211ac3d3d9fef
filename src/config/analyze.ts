import { parseFrequencyPlan, type FrequencyPlan } from '../core/frequency-plan.ts';
import { field, powerOfTwo, wholeNumber } from './fields.ts';
import { frequencyPlan, rate } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

export interface AnalyzeConfig {
  readonly sampleRateHz: number;
  readonly frequencyPlan: FrequencyPlan;
  /** A power of two. */
  readonly windowSlots: number;
  /** Most samples read; each takes 48 bytes. */
  readonly maxSamples: number;
}

/** Configuration of `netwatch analyze`. It takes nothing from the environment: a file says the same everywhere. */
export const analyzeSpec = defineSpec({
  role: 'analyze',
  readsEnvironment: false,
  fields: {
    rate,
    frequencyPlan,
    window: field(powerOfTwo(64, 4096), { description: 'slots of one window', initial: 256 }),
    maxSamples: field(wholeNumber(1, 100_000_000), { description: 'most samples read', initial: 20_000_000 }),
  },
  rules: [],
  resolve: (values): AnalyzeConfig => ({
    sampleRateHz: values.rate,
    frequencyPlan: parseFrequencyPlan(values.frequencyPlan),
    windowSlots: values.window,
    maxSamples: values.maxSamples,
  }),
});
