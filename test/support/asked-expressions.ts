import assert from 'node:assert/strict';
import type { ExpectedAnswer } from './expected-answers.ts';
import { EXPECTED_OF_DASHBOARDS } from './expected-dashboards.ts';
import { EXPECTED_OF_DOCS } from './expected-docs.ts';
import { EXPECTED_OF_RULES } from './expected-rules.ts';
import { committedDashboards } from './grafana-dashboards.ts';
import {
  type Choice,
  dashboardExpressions,
  documentedExpressions,
  ruleExpressions,
  type WrittenExpression,
} from './promql-expressions.ts';

/** An expression and what it is meant to answer. */
export interface AskedExpression extends WrittenExpression {
  readonly expected: ExpectedAnswer;
}

/** Everything of the lab. */
export const ALL: Choice = { datacenter: 'lab', rack: 'all', server: 'all' };

/**
 * Every expression of dashboards, rules and documents with what it is meant to answer.
 * @throws AssertionError when one has no expectation, or an expectation no expression
 */
export function askedExpressions(): readonly AskedExpression[] {
  const byPlace = [...dashboardExpressions(), ...ruleExpressions()].map((written) => ({ written, key: written.place }));
  const byText = documentedExpressions().map((written) => ({ written, key: written.expression }));
  const all = [...byPlace, ...byText];
  const expected = new Map([...EXPECTED_OF_DASHBOARDS, ...EXPECTED_OF_RULES, ...EXPECTED_OF_DOCS]);
  const undeclared = all.filter(({ key }) => !expected.has(key)).map(({ written }) => nameOf(written));
  assert.deepEqual(undeclared, [], 'say in test/support/expected-*.ts what these are meant to answer');
  const keys = new Set(all.map(({ key }) => key));
  const nowhere = [...expected.keys()].filter((key) => !keys.has(key));
  assert.deepEqual(nowhere, [], 'test/support/expected-*.ts expects answers of expressions that are nowhere');
  return all.flatMap(({ written, key }) => {
    const answer = expected.get(key);
    return answer ? [{ ...written, expected: answer }] : [];
  });
}

/** Where it stands, and of a document which it is. */
export function nameOf({ place, expression }: WrittenExpression): string {
  return place.endsWith('.md') ? `${place}: ${expression}` : place;
}

/** What a person may choose on the dashboard of an expression: all and some where several may be chosen, else two. */
export function choicesFor({ place }: WrittenExpression): readonly Choice[] {
  const found = committedDashboards().find(({ dashboard }) => place.startsWith(`${dashboard.uid}: `));
  if (!found) return [ALL];
  const { list } = found.dashboard.templating;
  const chosen = (name: string, several: Choice['rack'], one: string): Choice['rack'] => {
    const variable = list.find((each) => each.name === name);
    if (variable === undefined) return 'all';
    return variable.multi === true ? several : [one];
  };
  const choice = (several: Choice['rack'], one: string): Choice => ({
    datacenter: ALL.datacenter,
    rack: chosen('rack', several, one),
    server: chosen('server', several, one),
  });
  return [choice('all', '1'), choice(['0', '2'], '3')];
}
