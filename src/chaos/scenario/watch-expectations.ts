import { ExpectationWatch } from './expectation-watch.ts';
import { demandText, expectedText, secondsText, valuesText } from './expectation-text.ts';
import type { PlannedExpectation, PlannedStep, Subject } from './plan-scenario.ts';
import { type Run, stepText } from './run.ts';
import { roundMs } from './run-journal.ts';
import { subjectsText } from './subject-text.ts';

/** Looks until each of them is decided, and keeps in the journal what was seen. */
export async function watchExpectations(
  run: Run,
  step: PlannedStep,
  expectations: readonly PlannedExpectation[],
): Promise<void> {
  const { journal, clock } = run;
  for (const expectation of expectations) {
    journal.say(`${stepText(run, step)} expect ${expectation.scope} ${expectedText(expectation)}`);
  }
  const [beganSeconds, beganAfterSeconds] = [clock.elapsedMs() / 1000, journal.afterSeconds];
  await Promise.all(
    expectations.map(async (expectation) => {
      const watch = new ExpectationWatch(expectation, beganSeconds);
      await follow(run, watch);
      keep(run, step, { watch, beganAfterSeconds });
    }),
  );
}

async function follow(run: Run, watch: ExpectationWatch): Promise<void> {
  while (!watch.isDecided && !run.stop.signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const look = await run.watch.next();
    if (look === null) return;
    const seen = watch.look(look.tree, look.askedSeconds);
    if (seen.length > 0) run.journal.say(seenText(run, watch, seen));
  }
}

function seenText({ all }: Run, { expectation, records }: ExpectationWatch, seen: readonly Subject[]): string {
  const first = records.find(({ subject }) => subject === seen[0]);
  const what = seen.length === 1 ? valuesText(first?.values ?? null) : demandText(expectation.demand);
  return `seen: ${subjectsText(seen, all)} ${what} after ${secondsText(first?.seenAfterSeconds ?? 0)}`;
}

function keep(run: Run, step: PlannedStep, seen: { watch: ExpectationWatch; beganAfterSeconds: number }): void {
  const { watch, beganAfterSeconds } = seen;
  const { expectation, records, isMet } = watch;
  const times = records.flatMap(({ seenAfterSeconds }) => seenAfterSeconds ?? []).toSorted((a, b) => a - b);
  run.journal.expectations.push({
    step: step.label,
    name: step.name,
    scope: expectation.scope,
    expected: demandText(expectation.demand),
    at_least: expectation.atLeast,
    within_seconds: expectation.withinSeconds,
    hold_seconds: expectation.holdSeconds,
    began_after_seconds: beganAfterSeconds,
    passed: isMet,
    seen_after_seconds: isMet ? roundMs(times[expectation.atLeast - 1] ?? 0) : null,
    seen: records.map(({ subject, seenAfterSeconds, values }) => ({
      rack_id: subject.rackId,
      server_id: subject.serverId,
      seen_after_seconds: seenAfterSeconds === null ? null : roundMs(seenAfterSeconds),
      values,
    })),
  });
  // A run that is stopped has its own reason.
  if (!isMet && !run.stop.signal.aborted) run.journal.fail(missedText(run, step, watch));
}

function missedText(run: Run, step: PlannedStep, { expectation, records }: ExpectationWatch): string {
  const missed = records.filter(({ seenAfterSeconds }) => seenAfterSeconds === null);
  const who = subjectsText(
    missed.map(({ subject }) => subject),
    run.all,
  );
  const last =
    missed[0] === undefined
      ? ''
      : `; last seen of ${subjectsText([missed[0].subject], run.all)}: ${valuesText(missed[0].values)}`;
  return `step ${step.label}: ${who} not seen ${expectedText(expectation)}${last}`;
}
