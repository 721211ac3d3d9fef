import type { ChaosRunConfig } from '../config/chaos-run.ts';
import { createAnnouncer } from './announcer.ts';
import { giveJson, say, type ChaosOutput } from './chaos-output.ts';
import type { Reach } from './choose-target.ts';
import { renderReport } from './scenario/render-report.ts';
import { runScenario } from './scenario/run-scenario.ts';
import type { Scenario } from './scenario/scenario.ts';
import { sweepLeftovers } from './sweep.ts';

export interface RunScenarioFileOptions {
  readonly scenario: Scenario;
  readonly config: ChaosRunConfig;
  readonly reach: Reach;
  readonly output: ChaosOutput;
  /** Of this release. */
  readonly version: string;
  readonly signal: AbortSignal;
}

/**
 * Plays a scenario with a line for each step, and gives the report.
 * @returns whether everything was seen that was expected, and everything is undone
 * @throws ChaosError when it could not begin; ConfigError for a speed that the scenario does not allow
 */
export async function runScenarioFile(options: RunScenarioFileOptions): Promise<boolean> {
  const { scenario, config, reach, output, version, signal } = options;
  const { target, apiUrl, token } = reach;
  const { speed, seed, sparePorts } = config;
  await sweepLeftovers(reach, output, signal);
  const onProgress = (line: string): void => say(output, line);
  const announcer = createAnnouncer(reach);
  const common = { scenario, speed, seed, sparePorts, target, apiUrl, token, announcer, version, signal, onProgress };
  const report = await runScenario(common);
  for (const line of renderReport(report)) say(output, line);
  giveJson(output, report);
  return report.passed;
}
