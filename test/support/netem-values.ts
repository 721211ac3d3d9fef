import * as fc from 'fast-check';
import { DISTRIBUTIONS, type Impairment } from '../../src/netem/impairment.ts';
import { parseImpairment, type ImpairmentProblem, type ImpairmentTexts } from '../../src/netem/parse-impairment.ts';

/** The impairment that these texts are. @throws Error with the problems when they are none */
export function impairmentOf(texts: ImpairmentTexts): Impairment {
  const parsed = parseImpairment(texts);
  if (parsed.kind === 'impairment') return parsed.impairment;
  throw new Error(JSON.stringify(parsed.problems));
}

/** What is wrong with these texts; empty: nothing. */
export function problemsOf(texts: ImpairmentTexts): readonly ImpairmentProblem[] {
  const parsed = parseImpairment(texts);
  return parsed.kind === 'problems' ? parsed.problems : [];
}

const anyChance = fc.double({ min: 1e-9, max: 1, noNaN: true });
const anyRatio = fc.double({ min: 0, max: 1, noNaN: true });

const anyDelay = fc
  .record({
    microseconds: fc.integer({ min: 1, max: 60_000_000 }),
    jitterShare: fc.double({ min: 0, max: 1, noNaN: true }),
    distribution: fc.constantFrom(...DISTRIBUTIONS),
    correlation: anyRatio,
  })
  .map(({ microseconds, jitterShare, distribution, correlation }) => ({
    seconds: microseconds / 1e6,
    jitterSeconds: Math.floor(Math.min(microseconds, 2e6) * jitterShare) / 1e6,
    distribution,
    correlation,
  }));

/** A record without prototype is not deeply equal to one that came out of JSON. */
const plain = <T extends object>(record: T): T => ({ ...record });

const anyRandomLoss = fc.record({ model: fc.constant('random' as const), ratio: anyChance }).map(plain);

const anyGilbertElliott = fc
  .record({
    model: fc.constant('gemodel' as const),
    p: anyChance,
    r: anyRatio,
    lossInBad: anyRatio,
    lossInGood: anyRatio,
  })
  .map(plain);

const anyReorder = fc.record({ ratio: anyChance, gap: fc.integer({ min: 1, max: 20 }) }).map(plain);

/** Any impairment that is one. */
export const anyImpairment: fc.Arbitrary<Impairment> = fc
  .record({
    delay: fc.option(anyDelay),
    loss: fc.option(fc.oneof(anyRandomLoss, anyGilbertElliott)),
    corruptRatio: fc.option(anyChance),
    duplicateRatio: fc.option(anyChance),
    reorder: fc.option(anyReorder),
    rateBitsPerSecond: fc.option(fc.integer({ min: 1000, max: 100_000_000_000 })),
    limitPackets: fc.option(fc.integer({ min: 1, max: 50 })),
  })
  .map((values) => ({ ...values, reorder: values.delay === null ? null : values.reorder }))
  .filter((values) => Object.values({ ...values, limitPackets: null }).some((value) => value !== null));
