import { type FrequencyPlan, parseFrequencyPlan } from '../core/frequency-plan.ts';
import { field, type Field, orNone, powerOfTwo, wholeNumber } from './fields.ts';
import { frequencyPlan, rate } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

/** Null where nothing was given: then the head of an incident says it, or the default holds. */
export interface AnalyzeConfig {
  readonly sampleRateHz: number | null;
  readonly frequencyPlan: FrequencyPlan | null;
  /** A power of two. */
  readonly windowSlots: number | null;
  /** Most samples read; each takes 48 bytes. */
  readonly maxSamples: number;
}

/** Configuration of `netwatch analyze`. It takes nothing from the environment: a file says the same everywhere. */
export const analyzeSpec = defineSpec({
  role: 'analyze',
  readsEnvironment: false,
  fields: {
    rate: unlessInFile(rate),
    frequencyPlan: unlessInFile(frequencyPlan),
    window: unlessInFile(field(powerOfTwo(64, 4096), { description: 'slots of one window', initial: 256 })),
    maxSamples: field(wholeNumber(1, 100_000_000), { description: 'most samples read', initial: 20_000_000 }),
  },
  rules: [],
  resolve: (values): AnalyzeConfig => ({
    sampleRateHz: values.rate,
    frequencyPlan: values.frequencyPlan === null ? null : parseFrequencyPlan(values.frequencyPlan),
    windowSlots: values.window,
    maxSamples: values.maxSamples,
  }),
});

/** The same key, but an incident in the file says it where nothing is given. */
function unlessInFile<T>(given: Field<T>): Field<T | null> {
  const { initial, description } = given;
  return {
    ...orNone(given),
    description,
    initial: null,
    defaultText: `as an incident in the file says, else ${String(initial)}`,
  };
}
