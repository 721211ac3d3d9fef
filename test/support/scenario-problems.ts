import assert from 'node:assert/strict';
import { parseScenario } from '../../src/chaos/scenario/parse-scenario.ts';
import { ConfigError } from '../../src/config/load.ts';

/** Every problem of a scenario, without the file's name. */
export function problemsOf(text: string): readonly string[] {
  try {
    parseScenario(text, 'story.yaml');
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map((problem) => {
      assert.ok(problem.startsWith('story.yaml:'), problem);
      return problem.slice('story.yaml:'.length);
    });
  }
  return [];
}

/** A scenario of these steps, which begin in line 3, column 5. */
export function withSteps(...steps: readonly string[]): string {
  return `name: x\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
}
