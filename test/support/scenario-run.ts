import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ScenarioReport } from '../../src/chaos/scenario/scenario-report.ts';
import type { RunningLab } from './running-lab.ts';
import { waitUntil } from './wait-until.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const SCENARIOS = fileURLToPath(new URL('../../chaos/scenarios/', import.meta.url));

/** A scenario that is run on a lab as a person would run it: `netwatch chaos run FILE --json`. It ends with the test. */
export class ScenarioRun {
  readonly process: ChildProcess;
  /** What it says as it goes, line by line. */
  readonly lines: string[] = [];
  readonly #report: Promise<string>;
  readonly #closed: Promise<unknown>;

  /** @param options.file of chaos/scenarios/ @param options.flags of the command, besides */
  constructor(context: TestContext, lab: RunningLab, { file, flags }: { file: string; flags: readonly string[] }) {
    this.process = spawn(process.execPath, [CLI, 'chaos', 'run', `${SCENARIOS}${file}`, '--json', ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_RUNTIME_DIR: lab.runtimeDirectory },
    });
    context.after(() => this.process.kill('SIGKILL'));
    this.#closed = once(this.process, 'close');
    const { stdout, stderr } = this.process;
    if (stdout === null || stderr === null) throw new Error('it has pipes');
    createInterface({ input: stderr }).on('line', (line) => this.lines.push(line));
    this.#report = text(stdout);
  }

  /** Waits for a line that matches. @throws Error with all lines when the run ends without it */
  async said(pattern: RegExp): Promise<void> {
    await waitUntil(
      `the run says ${String(pattern)}`,
      () => {
        if (this.lines.some((line) => pattern.test(line))) return true;
        if (this.process.exitCode !== null) throw new Error(`the run ended:\n${this.lines.join('\n')}`);
        return false;
      },
      // A lab may first have to become healthy, on a machine that does other things too.
      180_000,
    );
  }

  /** Waits for its end. @throws Error with all lines when there is no report */
  async ended(): Promise<{ exitCode: number | null; report: ScenarioReport }> {
    await this.#closed;
    const report = await this.#report;
    if (report === '') throw new Error(`no report, exit code ${this.process.exitCode}:\n${this.lines.join('\n')}`);
    return { exitCode: this.process.exitCode, report: JSON.parse(report) as ScenarioReport };
  }
}
