import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerProblem, labelProblem, quietProblem } from '../support/answer-problems.ts';
import { ALL, askedExpressions, choicesFor } from '../support/asked-expressions.ts';
import { quiet, RACK, SERVER } from '../support/expected-answers.ts';
import { documentedExpressions, substituted } from '../support/promql-expressions.ts';

const rack = (id: string, value = 1) => ({ labels: { dc_id: 'lab', rack_id: id }, value });

test('every expression of dashboards, rules and documents is declared with what it is meant to answer', () => {
  const asked = askedExpressions();
  assert.ok(asked.length > 200, `${asked.length}`);
  for (const { place, description, expected } of asked) {
    const isSaid = description === null || /\bempty in a healthy lab\b/i.test(description);
    assert.ok(expected.when === null || isSaid, `${place} is empty in a healthy lab, and has to say why`);
    assert.equal(expected.when === 'never', expected.cannot !== undefined, place);
  }
});

test('queries of documents are found in blocks and in tables', () => {
  const found = documentedExpressions();
  assert.ok(found.some(({ place, expression }) => place === 'docs/metrics.md' && expression.startsWith('topk(10, ')));
  assert.ok(found.some(({ place }) => place === 'docs/runbooks/server-silent.md'));
  assert.ok(found.every(({ expression }) => !expression.includes('`') && !expression.includes('\n')));
});

describe('an expression as Grafana asks it', () => {
  const written = 'rate(x{dc_id="$datacenter", rack_id=~"$rack", server_id=~"${server}"}[$__rate_interval])';

  test('one value is itself, several are a pattern, all are what the variable says', () => {
    assert.equal(
      substituted(written, { datacenter: 'lab', rack: ['2'], server: ['0', '10'] }),
      'rate(x{dc_id="lab", rack_id=~"2", server_id=~"(0|10)"}[8s])',
    );
    assert.match(substituted(written, ALL), /rack_id=~"\.\*"/);
  });

  test('what is no variable is an error', () => {
    assert.throws(() => substituted('x{a="$nobody"}', ALL), /\$nobody in .* is no variable/);
  });

  test('several are chosen only where a dashboard lets one choose several', () => {
    const place = { expression: '', description: null };
    assert.deepEqual(
      choicesFor({ ...place, place: 'netwatch-overview: Racks A' }).map((choice) => choice.rack),
      ['all', ['0', '2']],
    );
    assert.deepEqual(
      choicesFor({ ...place, place: 'netwatch-server: Error A' }).map((choice) => [choice.rack, choice.server]),
      [
        [['1'], ['1']],
        [['3'], ['3']],
      ],
    );
    assert.deepEqual(choicesFor({ ...place, place: 'rule x' }), [ALL]);
  });
});

describe('what is wrong with an answer', () => {
  const two = { ...ALL, rack: ['0', '2'] };

  test('nothing, when it is as expected', () => {
    assert.equal(answerProblem(RACK, [rack('0'), rack('2')], two), null);
  });

  test('no series, one too few, one too many, one twice, and no number', () => {
    assert.equal(answerProblem(RACK, [], two), 'no answer');
    assert.equal(answerProblem(RACK, [rack('0')], two), 'missing: [{"rack_id":"2"}]');
    assert.equal(answerProblem(RACK, [rack('0'), rack('1'), rack('2')], two), '3 series, and not 2');
    assert.equal(answerProblem(RACK, [rack('0'), rack('2'), rack('2')], two), '3 series, and not 2');
    assert.match(answerProblem(RACK, [rack('0'), rack('2', Number.NaN)], two) ?? '', /^no number/);
  });

  test('a label that is missing, and one that should not be there', () => {
    assert.match(answerProblem(SERVER, [rack('0')], two) ?? '', /and not dc_id, rack_id, server_id$/);
    assert.match(labelProblem(['dc_id'], [rack('0')]) ?? '', /and not dc_id$/);
    assert.equal(labelProblem(['dc_id', 'rack_id?', 'server_id?'], [rack('0')]), null);
  });

  test('a series where all is well; but a rack that was late itself may say so', () => {
    const asked = { place: 'netwatch-rack: Faults A', expression: 'x', expected: quiet('kind') };
    const said = { ...asked, description: 'Empty in a healthy lab: no fault, no row.' };
    const fault = (kind: string) => [{ labels: { kind }, value: 1 }];
    assert.equal(quietProblem(said, []), null);
    assert.equal(quietProblem(said, fault('observer')), null);
    assert.match(quietProblem(said, fault('loss')) ?? '', /^not empty/);
    assert.match(quietProblem({ ...asked, description: 'Faults.' }, []) ?? '', /description does not say so$/);
  });
});
