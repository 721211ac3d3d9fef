import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { runChaos, type RunningCommand, startChaos } from './chaos-cli.ts';
import { signal } from './lab-nuisance.ts';
import type { RunningLab } from './running-lab.ts';
import { waitUntil } from './wait-until.ts';

/** The delay of one server grows by 0.8 ms each second, as if its clock were slow by 800 ppm. */
const SLOW_CLOCK = `
name: a slow clock
steps:
  - on: { racks: 0, servers: 4 }
    ramp: { over: 400s, steps: 800, from: { delay: 0ms }, to: { delay: 320ms } }
`;

/**
 * A fault for each alert, at the same time and each on a rack or server of its own: server 1 of rack 0 is silent, the
 * clock of its server 4 is slow, and its server 6 loses some; server 2 of rack 1 is critical, and half of that rack comes
 * twice since one moment; rack 2 is degraded, rack 3 stopped, and rack 4 late.
 */
export class AlertFaults {
  readonly #context: TestContext;
  readonly #lab: RunningLab;
  #slowClock: RunningCommand | null = null;
  #stammer: Promise<void> | null = null;
  #isOver = false;

  constructor(context: TestContext, lab: RunningLab) {
    this.#context = context;
    this.#lab = lab;
  }

  async begin(): Promise<void> {
    // First: a scenario begins only while all is well.
    await this.#slowDownClock();
    for (const fault of [
      ['--rack', '0', '--server', '1', '--loss', '100'],
      ['--rack', '0', '--server', '6', '--loss', '6'],
      ['--rack', '1', '--server', '4-7', '--duplicate', '80'],
      ['--rack', '1', '--server', '2', '--loss', '75'],
      ['--rack', '2', '--loss', '40'],
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { code, stderr } = await this.#chaos(...fault, '--duration', '20m', '--detach');
      assert.equal(code, 0, stderr);
    }
    process.kill(this.#lab.pid('rack-3'), 'SIGSTOP');
    this.#stammer = this.#stopAgainAndAgain(this.#lab.pid('rack-4'));
  }

  /** Idempotent. */
  async undo(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#stammer;
    signal(this.#lab.pid('rack-3'), 'SIGCONT');
    await this.endSlowClock();
    const { code, stderr } = await this.#chaos('--clear');
    assert.equal(code, 0, stderr);
  }

  /** Idempotent. */
  async endSlowClock(): Promise<void> {
    const command = this.#slowClock;
    this.#slowClock = null;
    if (command === null) return;
    command.kill('SIGINT');
    let hasEnded = false;
    void command.ended.then(() => (hasEnded = true));
    await waitUntil('the scenario of the slow clock has ended', () => hasEnded);
  }

  async #slowDownClock(): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'netwatch-test-alerts-'));
    this.#context.after(() => rmSync(directory, { recursive: true }));
    const file = join(directory, 'slow-clock.yaml');
    writeFileSync(file, SLOW_CLOCK);
    this.#slowClock = startChaos(this.#context, this.#lab.runtimeDirectory, ['run', file]);
    await waitUntil('the clock is slow', async () => {
      const { stdout } = await this.#chaos('status', '--json');
      return (JSON.parse(stdout) as { injections: unknown[] }).injections.length === 1;
    });
  }

  /** Stopped for 200 ms, it takes every datagram of that time late. */
  async #stopAgainAndAgain(pid: number): Promise<void> {
    while (!this.#isOver) {
      signal(pid, 'SIGSTOP');
      // oxlint-disable-next-line no-await-in-loop -- it is time that is meant
      await pause(200);
      signal(pid, 'SIGCONT');
      // oxlint-disable-next-line no-await-in-loop
      await pause(300);
    }
  }

  #chaos(...args: readonly string[]) {
    return runChaos(this.#context, this.#lab.runtimeDirectory, ...args);
  }
}
