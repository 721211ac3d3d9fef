import type { DetectionResults } from './measure.ts';
import { missedTargets, type Score } from './score.ts';

const HEADINGS = [
  'fault',
  'median',
  'p95',
  'mean',
  'missed',
  'target',
  'named right',
  'target',
  'onset',
  'parameter',
  '',
];

/** The table of faults as Markdown, which reads well in a terminal too. */
export function faultTable({ scores, rack }: DetectionResults): string {
  const rackRow = [
    "half of a rack's servers +5 ms",
    secondsText(rack.medianSeconds),
    secondsText(rack.p95Seconds),
    '',
    '',
    '≤ 1 s (p95)',
    percentText(rack.namedRight),
    '≥ 98 %',
    '',
    '',
    isRackMet(rack) ? 'met' : 'missed',
  ];
  return markdownTable([HEADINGS, ...scores.map(rowOf), rackRow]);
}

/** Which targets are met, and which are not, in a sentence. */
export function targetsText({ scores, rack }: DetectionResults): string {
  const judged = scores.filter(({ target, namedTarget }) => target !== null || namedTarget !== null);
  const missed = judged.flatMap((score) => {
    const what = missedTargets(score);
    return what.length === 0 ? [] : [`${score.name} (${what.join(', ')})`];
  });
  if (!isRackMet(rack)) missed.push("half of a rack's servers");
  const count = judged.length + 1;
  if (missed.length === 0) return `All ${count} rows with a target meet it.`;
  return `${count - missed.length} of ${count} rows with a target meet it. **Missed:** ${missed.join('; ')}.`;
}

/** What was told instead of, or beside, the right name. */
export function confusionTable({ scores }: DetectionResults): string {
  const rows = scores.map(({ name, kind, names, firstNames }) => [
    name,
    kind,
    countsText(names),
    countsText(firstNames),
  ]);
  return markdownTable([
    ['fault', 'right name', 'what stood most of the time (runs)', 'what was told first (runs)'],
    ...rows,
  ]);
}

/** Median detection times of NetWatch and of the others, on the same arrivals. */
export function rivalTable({ scores, rivals, clean }: DetectionResults): string {
  const names = Object.keys(rivals);
  const rows = scores.map((score) => [
    score.name,
    secondsText(score.medianSeconds),
    ...names.map((name) => secondsText(score.rivals[name] ?? null)),
  ]);
  const perDay = clean.alarms.length / clean.streamDays;
  const alarms = [
    'false alarms a day',
    perDay === 0 ? '0' : perDay.toPrecision(2),
    ...names.map((n) => String(rivals[n])),
  ];
  return markdownTable([['fault', 'NetWatch', ...names], ...rows, alarms]);
}

function isRackMet({ p95Seconds, namedRight }: DetectionResults['rack']): boolean {
  return p95Seconds !== null && p95Seconds <= 1 && namedRight >= 0.98;
}

function rowOf(score: Score): string[] {
  const { target, parameter, namedTarget, inTime } = score;
  const missed = missedTargets(score);
  const before = inTime === null ? '' : `${percentText(inTime)} before its first loss`;
  const isJudged = target !== null || namedTarget !== null;
  return [
    score.name,
    secondsText(score.medianSeconds),
    secondsText(score.p95Seconds),
    secondsText(score.meanSeconds),
    String(score.missed),
    target ? `≤ ${Number(target.seconds.toPrecision(3))} s (${target.of})` : before,
    percentText(score.namedRight),
    namedTarget === null ? '' : `≥ ${percentText(namedTarget)}`,
    score.onsetErrorSeconds === null ? '' : `± ${secondsText(score.onsetErrorSeconds)}`,
    parameter === null ? '' : parameterText(parameter),
    !isJudged ? '' : missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`,
  ];
}

function parameterText({ what, p95, target }: NonNullable<Score['parameter']>): string {
  const text = (value: number) => (what === 'ppm' ? `${value.toFixed(2)} ppm` : percentText(value));
  return `${what === 'ppm' ? 'skew' : what} ± ${p95 === null ? '?' : text(p95)} (≤ ${text(target)})`;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function secondsText(seconds: number | null): string {
  if (seconds === null) return '–';
  return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
}

function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

export function markdownTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, c) => Math.max(3, ...rows.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${widths.map((width, c) => (row[c] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
