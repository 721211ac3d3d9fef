import * as v from 'valibot';
import { ConfigError } from '../../config/load.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioSchema } from './scenario-schema.ts';
import { MISSING } from './schema-kinds.ts';
import { placeText } from './step-label.ts';
import { storyProblems } from './story-rules.ts';
import { readYaml, type TextPath, type YamlText } from './yaml-text.ts';

const MAX_PROBLEMS = 50;

/**
 * Reads a scenario file.
 * @param fileName for problems
 * @throws ConfigError with every problem: `story.yaml:7:11: step 2: inject.loss: got 120, allowed: 0 to 100`. What keys
 * say together is held against one another once each of them is valid.
 */
export function parseScenario(text: string, fileName: string): Scenario {
  const read = readYaml(text);
  if (read.kind === 'problems') {
    throw new ConfigError(
      read.problems.map(({ line, column, message }) => `${fileName}:${line}:${column}: ${message}`),
    );
  }
  const { yaml } = read;
  const parsed = v.safeParse(ScenarioSchema, yaml.value, { abortPipeEarly: true });
  const problems: readonly Problem[] = parsed.success
    ? storyProblems(parsed.output.steps).map((problem) => ({ ...problem, isKey: false }))
    : parsed.issues.map(problemOf);
  if (parsed.success && problems.length === 0) return parsed.output;
  const placed = problems.map((problem) => ({
    ...problem,
    ...yaml.locate(problem.path, problem.isKey ? 'key' : 'value'),
  }));
  const lines = placed
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map((problem) => `${fileName}:${problem.line}:${problem.column}: ${problemText(problem, yaml)}`);
  throw new ConfigError(limited([...new Set(lines)]));
}

interface Problem {
  readonly path: TextPath;
  readonly message: string;
  /** About the key rather than its value. */
  readonly isKey: boolean;
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const isKey = issue.type === 'strict_object' && issue.expected === 'never';
  return { path: pathOf(issue), message: issue.message, isKey };
}

function pathOf({ path }: v.BaseIssue<unknown>): TextPath {
  return (path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

function problemText({ path, message, isKey }: Problem, yaml: YamlText): string {
  const given = valueAt(yaml.value, path);
  const isBare = isKey || (message === MISSING && given === undefined);
  const what = isBare ? message : `${givenText(given)}, allowed: ${message}`;
  return [placeText(path), what].filter((part) => part !== '').join(': ');
}

function valueAt(value: unknown, path: TextPath): unknown {
  return path.reduce<unknown>((at, key) => {
    const isThere = typeof at === 'object' && at !== null && Object.hasOwn(at, key);
    return isThere ? Reflect.get(at, key) : undefined;
  }, value);
}

function givenText(value: unknown): string {
  if (value === undefined) return 'it is not there';
  const json = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return `got ${json.length > 80 ? `${json.slice(0, 79)}…` : json}`;
}

function limited(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_PROBLEMS) return lines;
  return [...lines.slice(0, MAX_PROBLEMS - 1), `… and ${lines.length - MAX_PROBLEMS + 1} more problems`];
}
