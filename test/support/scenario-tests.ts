import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Target } from '../../src/chaos/target.ts';
import type { RunningLab } from './running-lab.ts';
import { ScenarioRun } from './scenario-run.ts';

/** A lab of one rack of four servers, and the target that breaks it. */
export interface BreakableLab {
  readonly lab: RunningLab;
  readonly target: Target;
  /** Of `netwatch chaos run`. */
  readonly flags: readonly string[];
}

/** The flags of such a lab. */
export const LAB_OF_STORIES = ['--racks', '1', '--servers', '4'];

/** One and the same test for every target that can run in a lab. */
export function testScenarios(where: string, start: (context: TestContext) => Promise<BreakableLab>): void {
  test(`a scenario passes ${where}, and an interrupted one is undone`, async (context) => {
    const { lab, target, flags } = await start(context);

    await context.test('smoke.yaml passes', async (inner) => {
      const run = new ScenarioRun(inner, lab, { file: 'smoke.yaml', flags });
      const { exitCode, report } = await run.ended();
      for (const { step, expected, scope, seen_after_seconds: after } of report.expectations) {
        inner.diagnostic(`step ${step}: ${scope} ${expected} after ${after} s`);
      }
      assert.deepEqual(report.problems, [], run.lines.join('\n'));
      assert.ok(report.passed && report.undone);
      assert.equal(exitCode, 0);
      assert.equal(report.target, target.name);
      // The datacenter was told.
      assert.deepEqual(report.notes, []);
      assert.deepEqual(report.injections.map(({ scope, end }) => `${scope}: ${end}`).toSorted(), [
        'rack 0 server 2: expired',
        'rack 0 servers 0-1: expired',
      ]);
      assert.deepEqual(await target.status(inner.signal), []);
    });

    await context.test('Ctrl-C while the faults are on undoes both, and fails', async (inner) => {
      const run = new ScenarioRun(inner, lab, { file: 'smoke.yaml', flags });
      await run.said(/step 1\.1\/2 expect/);
      await run.said(/step 1\.2\/2 expect/);
      assert.deepEqual(
        (await target.status(inner.signal)).map(({ server, state }) => `${server.serverId} ${state}`).toSorted(),
        ['0 active', '1 active', '2 active'],
      );
      run.process.kill('SIGINT');
      const { exitCode, report } = await run.ended();
      assert.deepEqual(report.problems, ['it was ended by the user before it was over']);
      assert.ok(report.undone);
      assert.equal(exitCode, 1);
      assert.deepEqual(
        report.injections.map(({ end }) => end),
        ['undone', 'undone'],
      );
      assert.deepEqual(await target.status(inner.signal), []);
    });
  });
}
