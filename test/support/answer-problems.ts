import type { AskedExpression } from './asked-expressions.ts';
import type { ExpectedAnswer } from './expected-answers.ts';
import type { Series } from './prometheus-api.ts';
import type { Choice } from './promql-expressions.ts';

// What a busy machine does to a healthy lab: a rack that was late itself says so of its servers, and an alert tells it.
const OBSERVER_FAULT = 'observer';
const OBSERVER_ALERT = 'NetWatchControllerImpaired';

/** What is wrong with an answer that is to be empty; null: nothing. */
export function quietProblem(asked: AskedExpression, answer: readonly Series[]): string | null {
  const { description, place, expression } = asked;
  if (description !== null && !/\bempty in a healthy lab\b/i.test(description)) {
    return 'it is empty in a healthy lab, and the description does not say so';
  }
  if (place === `rule ${OBSERVER_ALERT}` || expression.includes(`kind="${OBSERVER_FAULT}"`)) return null;
  const left = answer.filter(({ labels }) => labels.kind !== OBSERVER_FAULT && labels.alertname !== OBSERVER_ALERT);
  return left.length === 0 ? null : `not empty: ${JSON.stringify(left)}`;
}

/** What is wrong with an answer that is always there; null: nothing. */
export function answerProblem(
  { labels, each }: ExpectedAnswer,
  answer: readonly Series[],
  choice: Choice,
): string | null {
  if (answer.length === 0) return 'no answer';
  const nan = answer.filter(({ value }) => Number.isNaN(value));
  if (nan.length > 0) return `no number: ${JSON.stringify(nan)}`;
  const wrong = labelProblem(labels, answer);
  if (wrong !== null || each === null) return wrong;
  const wanted = each(choice);
  const missing = wanted.filter((ids) => !answer.some((series) => bears(series, ids)));
  if (missing.length > 0) return `missing: ${JSON.stringify(missing)}`;
  return answer.length === wanted.length ? null : `${answer.length} series, and not ${wanted.length}`;
}

function bears({ labels }: Series, ids: Readonly<Record<string, string>>): boolean {
  return Object.entries(ids).every(([label, value]) => labels[label] === value);
}

/** Null when each series has these labels; one with a question mark may be missing. */
export function labelProblem(wanted: readonly string[], answer: readonly Series[]): string | null {
  const known = new Set(wanted.map((label) => label.replace('?', '')));
  const required = wanted.filter((label) => !label.endsWith('?'));
  const wrong = answer.find(
    ({ labels }) =>
      !Object.keys(labels).every((label) => known.has(label)) || !required.every((label) => label in labels),
  );
  return wrong ? `labels ${JSON.stringify(wrong.labels)}, and not ${wanted.join(', ')}` : null;
}
