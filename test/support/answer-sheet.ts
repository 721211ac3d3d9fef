import assert from 'node:assert/strict';
import { answerProblem, labelProblem, quietProblem } from './answer-problems.ts';
import { ALL, type AskedExpression, choicesFor, nameOf } from './asked-expressions.ts';
import type { Stage } from './expected-answers.ts';
import type { PrometheusServer } from './prometheus-server.ts';
import { type Choice, substituted } from './promql-expressions.ts';
import { waitUntil } from './wait-until.ts';

type Asks = Pick<PrometheusServer, 'query'>;

/** Longest that a change in the lab may take to be in an answer; alerts fire some half minute after it. */
const DEADLINE_MS = 240_000;

/** Asks a Prometheus every expression, and holds the answers against what is expected. */
export class AnswerSheet {
  readonly #asked: readonly AskedExpression[];
  /** Those that are empty in a healthy lab and were seen with an answer. */
  readonly #seen = new Set<AskedExpression>();

  constructor(asked: readonly AskedExpression[]) {
    this.#asked = asked;
  }

  /** Resolves once every expression, with each choice, answered as it is meant to in a healthy lab. */
  async untilHealthyAnswers(prometheus: Asks): Promise<void> {
    let left = this.#asked.flatMap((each) => choicesFor(each).map((choice) => ({ each, choice })));
    let problems: readonly string[] = [];
    const settle = async () => {
      const found = await Promise.all(left.map(({ each, choice }) => healthyProblem(prometheus, each, choice)));
      left = left.filter((_, n) => found[n] !== null);
      problems = found.filter((problem) => problem !== null);
      return left.length === 0;
    };
    await waitUntil('all answers of a healthy lab', settle, DEADLINE_MS).catch((error: unknown) => {
      throw new Error(`in a healthy lab:\n${problems.join('\n')}`, { cause: error });
    });
  }

  /** Resolves once everything that answers at this stage has answered, and these panels are above 0. */
  async untilSeen(prometheus: Asks, stage: Stage, rising: readonly string[] = []): Promise<void> {
    const risers = this.#asked.filter(({ place }) => rising.includes(place));
    assert.equal(risers.length, rising.length, 'all that rises is asked');
    let left = [...this.#asked.filter(({ expected }) => expected.when === stage), ...risers];
    assert.ok(left.length > 0, `something answers at the stage ${stage}`);
    const settle = async () => {
      const isThere = await Promise.all(left.map((each) => isSeen(prometheus, each)));
      for (const [n, each] of left.entries()) if (isThere[n] && each.expected.when !== null) this.#seen.add(each);
      left = left.filter((_, n) => !isThere[n]);
      return left.length === 0;
    };
    await waitUntil(`all that answers at the stage ${stage}`, settle, DEADLINE_MS).catch((error: unknown) => {
      throw new Error(`no answer at the stage ${stage}:\n${left.map(nameOf).join('\n')}`, { cause: error });
    });
  }

  /** How many were asked and seen, and why some were not. */
  summary(): string {
    const quiet = this.#asked.filter(({ expected }) => expected.when !== null);
    const unseen = quiet.filter((each) => !this.#seen.has(each));
    return [
      `${this.#asked.length} expressions asked, ${quiet.length} of them empty in a healthy lab; ` +
        `${this.#seen.size} of these seen with an answer, ${unseen.length} not:`,
      ...unseen.map((each) => `  ${nameOf(each)}: ${each.expected.cannot ?? 'not reached'}`),
    ].join('\n');
  }
}

async function healthyProblem(prometheus: Asks, asked: AskedExpression, choice: Choice): Promise<string | null> {
  const answer = await prometheus.query(substituted(asked.expression, choice));
  const isQuiet = asked.expected.when !== null;
  const problem = isQuiet ? quietProblem(asked, answer) : answerProblem(asked.expected, answer, choice);
  return problem === null ? null : `${nameOf(asked)} (${JSON.stringify(choice)}): ${problem}`;
}

async function isSeen(prometheus: Asks, { expression, expected }: AskedExpression): Promise<boolean> {
  const answer = await prometheus.query(substituted(expression, ALL));
  const isThere = expected.when === null ? answer.some(({ value }) => value > 0) : answer.length > 0;
  if (isThere) assert.equal(labelProblem(expected.labels, answer), null, expression);
  return isThere;
}
