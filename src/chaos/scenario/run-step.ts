import { secondsText } from './expectation-text.ts';
import type { PlannedStep } from './plan-scenario.ts';
import { type Run, stepText } from './run.ts';
import { runInjectStep } from './run-inject-step.ts';
import { watchExpectations } from './watch-expectations.ts';

/** Runs a step and all that is in it. What goes wrong is in the journal; a run that is stopped returns early. */
export async function runStep(run: Run, step: PlannedStep): Promise<void> {
  const { clock, journal, stop } = run;
  await clock.pauseMs(step.afterSeconds * 1000, stop.signal);
  if (stop.signal.aborted) return;
  switch (step.kind) {
    case 'inject':
      await runInjectStep(run, step);
      return;
    case 'wait':
      journal.say(`${stepText(run, step)} wait ${secondsText(step.waitSeconds)}`);
      await clock.pauseMs(step.waitSeconds * 1000, stop.signal);
      return;
    case 'expect':
      await watchExpectations(run, step, step.expectations);
      return;
    case 'parallel':
      await runAtOnce(run, step.steps);
      return;
    case 'sequence':
      // oxlint-disable-next-line no-await-in-loop -- one step after the other
      for (const child of step.steps) await runStep(run, child);
  }
}

/** Waits for all of them, whatever becomes of one: none may be left behind that could still inject. */
async function runAtOnce(run: Run, steps: readonly PlannedStep[]): Promise<void> {
  const ends = await Promise.allSettled(
    steps.map(async (step) => {
      try {
        await runStep(run, step);
      } catch (error) {
        run.stop.abort(error);
        throw error;
      }
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
