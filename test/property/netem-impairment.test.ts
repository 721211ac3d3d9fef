import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { ImpairmentSchema } from '../../src/netem/impairment-schema.ts';
import { describeImpairment, impairmentKinds } from '../../src/netem/impairment-text.ts';
import { netemArguments, qdiscArguments } from '../../src/netem/netem-arguments.ts';
import { parseImpairment, type ImpairmentTexts } from '../../src/netem/parse-impairment.ts';
import { anyImpairment } from '../support/netem-values.ts';

const KEYS = [
  'delay',
  'jitter',
  'distribution',
  'correlation',
  'loss',
  'lossModel',
  'corrupt',
  'duplicate',
  'reorder',
  'gap',
  'rate',
  'limit',
] as const;

const anyQuantity = fc
  .tuple(fc.nat({ max: 200 }), fc.constantFrom('', '%', 'ms', 's', 'us', 'kbit', 'mbit', 'gbps', ' '))
  .map(([count, unit]) => `${count}${unit}`);
const anyModel = fc
  .array(fc.nat({ max: 110 }), { minLength: 1, maxLength: 5 })
  .map((list) => `gemodel:${list.join(',')}`);
const anyName = fc.constantFrom('uniform', 'normal', 'pareto', 'paretonormal', 'toString');
const anyText = fc.oneof(anyQuantity, anyQuantity, anyModel, anyName, fc.string(), fc.double());
const anyTexts: fc.Arbitrary<ImpairmentTexts> = fc.dictionary(fc.constantFrom(...KEYS), anyText);

/** Arguments that a shell and tc take as they are: plain words and numbers. */
function assertPlain(argument: string): void {
  assert.match(argument, /^(?:[a-z]+|\d+(?:\.\d+)?(?:%|us|ms|s|bit|kbit|mbit|gbit|b)?)$/);
}

test('any texts are answered, and what is accepted is an impairment', () => {
  fc.assert(
    fc.property(anyTexts, (texts) => {
      const parsed = parseImpairment(texts);
      if (parsed.kind === 'problems') {
        assert.ok(parsed.problems.length > 0);
        for (const { key, allowed } of parsed.problems) assert.ok(key in texts || key === 'delay', `${key} ${allowed}`);
        const keys = parsed.problems.map(({ key }) => key);
        assert.equal(new Set(keys).size, keys.length);
        return;
      }
      assert.deepEqual(v.parse(ImpairmentSchema, parsed.impairment), parsed.impairment);
      for (const argument of qdiscArguments(parsed.impairment, null)) assertPlain(argument);
    }),
    { numRuns: 2000 },
  );
});

test('any text alone is answered', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...KEYS),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.double()),
      (key, text) => {
        const parsed = parseImpairment({ [key]: text });
        if (parsed.kind === 'problems') assert.deepEqual(parsed.problems[0]?.key, key);
      },
    ),
  );
});

test('an impairment comes back from JSON through the schema as it was', () => {
  fc.assert(
    fc.property(anyImpairment, (impairment) => {
      assert.deepEqual(v.parse(ImpairmentSchema, JSON.parse(JSON.stringify(impairment))), impairment);
    }),
  );
});

test('of any impairment the arguments are plain words and numbers, and name all of it', () => {
  fc.assert(
    fc.property(anyImpairment, fc.option(fc.nat()), (impairment, seed) => {
      const given = netemArguments(impairment, seed);
      for (const argument of [...given, ...qdiscArguments(impairment, seed)]) assertPlain(argument);
      for (const kind of impairmentKinds(impairment)) assert.ok(kind === 'jitter' || given.includes(kind), kind);
      assert.equal(given.includes('seed'), seed !== null);
    }),
  );
});

test('what the arguments say is what the texts said', () => {
  const anyPercent = fc.integer({ min: 1, max: 10_000_000 }).map((count) => count / 1e5);
  fc.assert(
    fc.property(anyPercent, fc.integer({ min: 1, max: 60_000_000 }), (percent, microseconds) => {
      const parsed = parseImpairment({ loss: percent, delay: `${microseconds}us` });
      assert.ok(parsed.kind === 'impairment');
      const [, delay = '', , loss] = netemArguments(parsed.impairment, null);
      const again = parseImpairment({ loss, delay });
      assert.deepEqual(again, parsed);
      assert.equal(parseFloat(loss ?? ''), percent);
    }),
  );
});

test('any impairment can be told in one line without exponents', () => {
  fc.assert(
    fc.property(anyImpairment, (impairment) => {
      assert.match(describeImpairment(impairment), /^[a-z0-9 .,±%()/KMG]+$/i);
      assert.doesNotMatch(describeImpairment(impairment), /\de[+-]?\d|NaN|Infinity/);
    }),
  );
});
