import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScenario } from '../../src/chaos/scenario/parse-scenario.ts';
import { ConfigError } from '../../src/config/load.ts';
import { problemsOf, withSteps } from '../support/scenario-problems.ts';

const BAD: readonly (readonly [rule: string, text: string, problems: readonly string[]])[] = [
  ['an empty file', '', ['1:1: got null, allowed: keys and values: name, description, seed, max_speed, abort, steps']],
  ['no YAML', 'name: "x\nsteps: []\n', ['3:1: not YAML: Missing closing "quote']],
  ['a key twice', `name: x\nname: y\nsteps: [{ wait: 1s }]\n`, ['2:1: this key is there twice, allowed: once']],
  ['a second document', 'name: x\n---\nname: y\n', ['2:1: a second document begins here, allowed: one']],
  [
    'anchors and aliases',
    'name: &a x\ndescription: *a\nsteps: [{ wait: 1s }]\n',
    [
      '1:10: anchors and aliases are not allowed: write it out',
      '2:14: anchors and aliases are not allowed: write it out',
    ],
  ],
  ['a tag', 'name: !secret x\n', ['1:7: not YAML: Unresolved tag: !secret']],
  ['a key that is no text', 'name: x\n1: y\nsteps: [{ wait: 1s }]\n', ['2:1: this is no key, allowed: text']],
  [
    'what is nested deeply',
    `name: ${'['.repeat(30)}${']'.repeat(30)}\n`,
    ['1:31: nested too deeply, allowed: 24 levels'],
  ],
  ['what would exhaust a parser', `name: ${'['.repeat(50_000)}`, ['1:1: nested too deeply, allowed: 24 levels']],
  ['a huge file', `name: ${'x'.repeat(70_000)}`, ['1:1: got 70006 bytes, allowed: at most 65536']],
  ['a file without steps', 'name: x\n', ['1:1: steps: it is missing']],
  ['no steps in it', 'name: x\nsteps: []\n', ['2:8: steps: got [], allowed: at least one step']],
  [
    'an unknown key',
    'nam: x\nsteps: [{ wait: 1s }]\n',
    ['1:1: name: it is missing', '1:1: nam: unknown key, nearest: name'],
  ],
  [
    'numbers out of range',
    'name: x\nseed: 1.5\nmax_speed: 0.5\nabort: { dc_health_below: 2 }\nsteps: [{ wait: 1s }]\n',
    [
      '2:7: seed: got 1.5, allowed: a whole number from 0 to 4294967295',
      '3:12: max_speed: got 0.5, allowed: a number from 1 to 100',
      '4:27: abort.dc_health_below: got 2, allowed: a number from 0 to 1',
    ],
  ],
  [
    'a name that is none',
    'name: 5\ndescription: ""\nsteps: [{ wait: 1s }]\n',
    [
      '1:7: name: got 5, allowed: 1 to 200 printable characters on one line',
      '2:14: description: got "", allowed: 1 to 1000 characters of text',
    ],
  ],
];

for (const [rule, text, problems] of BAD) {
  test(`refused, and said where and why: ${rule}`, () => {
    assert.deepEqual(problemsOf(text), problems);
  });
}

test('however many problems there are, not all of them are told', () => {
  const text = withSteps(...Array.from({ length: 60 }, () => '{ wait: 0 }'));
  assert.throws(
    () => parseScenario(text, 'story.yaml'),
    (error) =>
      error instanceof ConfigError && error.problems.length === 50 && error.problems[49] === '… and 11 more problems',
  );
});
