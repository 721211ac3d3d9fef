import { timeText } from '../../terminal/number-text.ts';
import { secondsText, valuesText } from './expectation-text.ts';
import type { ExpectationRecord, InjectionRecord, ScenarioReport } from './scenario-report.ts';

/** Servers of an expectation that are told of one by one. */
const MAX_SHOWN = 8;

/** A report for people, as lines: what was injected, what was seen of it and when, and what came of it all. */
export function renderReport(report: ScenarioReport): readonly string[] {
  const {
    scenario,
    target,
    seed,
    speed,
    passed,
    problems,
    notes,
    began_at: began,
    duration_seconds: duration,
  } = report;
  const how = [
    `target ${target}`,
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(speed === 1 ? [] : [`speed ${speed}`]),
    `${timeText(began)}, ${secondsText(duration)}`,
  ];
  return [
    `${scenario} (${how.join(', ')})`,
    '',
    'injected',
    ...(report.injections.length === 0 ? ['  nothing'] : report.injections.map(injectionLine)),
    '',
    'expected',
    ...(report.expectations.length === 0 ? ['  nothing'] : report.expectations.flatMap(expectationLines)),
    '',
    ...notes.map((note) => `note: ${note}`),
    ...problems.map((problem) => `problem: ${problem}`),
    report.undone ? 'everything is undone' : 'NOT EVERYTHING IS UNDONE: see netwatch chaos status',
    passed ? 'PASSED' : 'FAILED',
  ];
}

const ENDS: Readonly<Record<InjectionRecord['end'], string>> = {
  expired: 'its time was over',
  undone: 'ended early',
  gone: 'gone before its time',
  refused: 'NOT INJECTED',
  'not-undone': 'NOT UNDONE',
};

function injectionLine(record: InjectionRecord): string {
  const { step, began_after_seconds: began, ended_after_seconds: ended, scope, description, end } = record;
  const time = ended === null ? `${began.toFixed(1)} s` : `${began.toFixed(1)} to ${ended.toFixed(1)} s`;
  return `  step ${step}, ${time}: ${description} on ${scope}; ${ENDS[end]}`;
}

function expectationLines(record: ExpectationRecord): readonly string[] {
  const {
    step,
    passed,
    scope,
    expected,
    within_seconds: within,
    hold_seconds: hold,
    seen_after_seconds: after,
  } = record;
  const least = record.at_least < record.seen.length ? ` (at least ${record.at_least} of ${record.seen.length})` : '';
  const held = hold === 0 ? '' : ` for ${secondsText(hold)}`;
  const what = `${scope}${least} ${expected}${held} within ${secondsText(within)}`;
  const outcome = passed ? `seen after ${secondsText(after ?? 0)}` : 'NOT SEEN';
  const shown = record.seen.slice(0, MAX_SHOWN).map((seen) => {
    const time = seen.seen_after_seconds === null ? 'not seen' : `after ${secondsText(seen.seen_after_seconds)}`;
    return `         ${subjectText(seen)}: ${time}, ${valuesText(seen.values)}`;
  });
  const left = record.seen.length - shown.length;
  const more = left > 0 ? [`         … and ${left} more`] : [];
  return [`  ${passed ? 'ok  ' : 'FAIL'} step ${step}: ${what}: ${outcome}`, ...shown, ...more];
}

function subjectText({ rack_id: rackId, server_id: serverId }: ExpectationRecord['seen'][number]): string {
  if (rackId === null) return 'the datacenter';
  return serverId === null ? `rack ${rackId}` : `rack ${rackId} server ${serverId}`;
}
