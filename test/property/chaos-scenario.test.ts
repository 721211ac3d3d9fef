import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseScenario } from '../../src/chaos/scenario/parse-scenario.ts';
import { ConfigError } from '../../src/config/load.ts';
import { parseInjection } from '../../src/wire/injection-schema.ts';
import type { Step } from '../../src/chaos/scenario/scenario.ts';

const FOLDER = new URL('../../chaos/scenarios/', import.meta.url);
const STORIES = readdirSync(FOLDER).map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));
const LINE = /^x\.yaml:\d+:\d+: \S|^… and \d+ more problems$/;

/** Either a scenario whose injections every holder takes, or problems that say where they are. */
function isAnswered(text: string): void {
  try {
    for (const step of parseScenario(text, 'x.yaml').steps) holdersTake(step);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    for (const problem of error.problems) assert.match(problem, LINE);
  }
}

function holdersTake(step: Step): void {
  if (step.kind === 'parallel' || step.kind === 'group') for (const child of step.steps) holdersTake(child);
  if (step.kind !== 'inject') return;
  const { phases, repeats, durationSeconds, direction } = step;
  const injection = { id: '0123456789ab', phases, repeats, durationSeconds, direction, sparePorts: [], seed: null };
  assert.equal(parseInjection(Buffer.from(JSON.stringify(injection))).kind, 'injection', JSON.stringify(injection));
}

test('any text is answered', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), isAnswered));
});

test('a story in which something was replaced, doubled or left out is answered', () => {
  const piece = fc.constantFrom(
    '',
    '0',
    '-1',
    '1e400',
    'all',
    '{',
    '[',
    ']',
    ':',
    '- ',
    'null',
    '~',
    '"',
    '&a ',
    '*a',
    '\t',
  );
  const edit = fc.record({ at: fc.nat(2000), length: fc.nat(20), text: fc.oneof(piece, fc.string()) });
  fc.assert(
    fc.property(fc.constantFrom(...STORIES), fc.array(edit, { minLength: 1, maxLength: 3 }), (story, edits) => {
      isAnswered(
        edits.reduce((text, { at, length, text: put }) => {
          // Not in the comment, where nothing matters.
          const from = text.indexOf('name:') + at;
          return text.slice(0, from) + put + text.slice(from + length);
        }, story),
      );
    }),
    { numRuns: 500 },
  );
});

test('whatever stands at a place of a story is answered', () => {
  const head = 'name: x\nsteps:\n  - ';
  const key = fc.constantFrom(
    'on',
    'inject',
    'ramp',
    'pulse',
    'for',
    'expect',
    'parallel',
    'steps',
    'repeat',
    'wait',
    'after',
    'direction',
  );
  const leaf = fc.oneof(
    fc.constantFrom('all', '5s', '20%', '1mbit', 'egress', 'healthy'),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
  );
  const inner = fc.dictionary(
    fc.constantFrom(
      'racks',
      'servers',
      'loss',
      'delay',
      'over',
      'from',
      'to',
      'every',
      'for',
      'within',
      'status',
      'wait',
    ),
    fc.oneof(leaf, fc.dictionary(fc.constantFrom('loss', 'delay', 'min', 'max'), leaf)),
  );
  fc.assert(
    fc.property(fc.dictionary(key, fc.oneof(leaf, inner, fc.array(inner, { maxLength: 3 }))), (step) =>
      isAnswered(head + JSON.stringify(step)),
    ),
    { numRuns: 500 },
  );
});
