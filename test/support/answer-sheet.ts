import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { answerProblem, labelProblem, quietProblem } from './answer-problems.ts';
import { ALL, type AskedExpression, choicesFor, nameOf } from './asked-expressions.ts';
import type { Stage } from './expected-answers.ts';
import type { PrometheusServer } from './prometheus-server.ts';
import { type Choice, substituted } from './promql-expressions.ts';
import { waitUntil } from './wait-until.ts';

type Asks = Pick<PrometheusServer, 'query'>;

/** Longest that a change in the lab may take to be in an answer; alerts fire some half minute after it. */
const DEADLINE_MS = 240_000;
/** Prometheus scrapes every 2 s: asking more often tells nothing more, and takes processor time from the lab. */
const ASK_EVERY_MS = 500;

/** An expression with something chosen on its dashboard. */
interface Question {
  readonly each: AskedExpression;
  readonly choice: Choice;
}

/** Asks a Prometheus every expression, and holds the answers against what is expected. */
export class AnswerSheet {
  readonly #asked: readonly AskedExpression[];
  /** Those that are empty in a healthy lab and were seen with an answer. */
  readonly #seen = new Set<AskedExpression>();

  constructor(asked: readonly AskedExpression[]) {
    this.#asked = asked;
  }

  /**
   * Resolves once every expression, with each choice, answered as it is meant to in a healthy lab. Those that are to be
   * empty are asked when all others have answered: before there are data, everything is empty.
   */
  async untilHealthyAnswers(prometheus: Asks): Promise<void> {
    const questions = this.#asked.flatMap((each) => choicesFor(each).map((choice) => ({ each, choice })));
    const isQuiet = ({ each }: Question) => each.expected.when !== null;
    await untilHealthy(
      prometheus,
      questions.filter((question) => !isQuiet(question)),
    );
    await untilHealthy(prometheus, questions.filter(isQuiet));
  }

  /** Resolves once everything that answers at this stage has answered, and these panels are above 0. */
  async untilSeen(prometheus: Asks, stage: Stage, rising: readonly string[] = []): Promise<void> {
    const risers = this.#asked.filter(({ place }) => rising.includes(place));
    assert.equal(risers.length, rising.length, 'all that rises is asked');
    let left = [...this.#asked.filter(({ expected }) => expected.when === stage), ...risers];
    assert.ok(left.length > 0, `something answers at the stage ${stage}`);
    await untilNoneIsLeft(`all that answers at the stage ${stage}`, async () => {
      const isThere = await Promise.all(left.map((each) => isSeen(prometheus, each)));
      for (const [n, each] of left.entries()) if (isThere[n] && each.expected.when !== null) this.#seen.add(each);
      left = left.filter((_, n) => !isThere[n]);
      return left.map(nameOf);
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

/** Resolves once each was answered, at one time or another, as it is meant to in a healthy lab. */
async function untilHealthy(prometheus: Asks, questions: readonly Question[]): Promise<void> {
  let left = questions;
  await untilNoneIsLeft('all answers of a healthy lab', async () => {
    const problems = await Promise.all(left.map((question) => healthyProblem(prometheus, question)));
    left = left.filter((_, n) => problems[n] !== null);
    return problems.filter((problem) => problem !== null);
  });
}

/** Asks until nothing is left. @throws Error with what was left at last when the deadline passes first */
async function untilNoneIsLeft(what: string, ask: () => Promise<readonly string[]>): Promise<void> {
  let left: readonly string[] = [];
  const settle = async () => {
    left = await ask();
    if (left.length > 0) await pause(ASK_EVERY_MS);
    return left.length === 0;
  };
  await waitUntil(what, settle, DEADLINE_MS).catch((error: unknown) => {
    throw new Error(`waited in vain until ${what}; left are\n${left.join('\n')}`, { cause: error });
  });
}

async function healthyProblem(prometheus: Asks, { each: asked, choice }: Question): Promise<string | null> {
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
