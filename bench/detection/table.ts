import type { DetectionResults } from './measure.ts';
import { missedTargets, type Score } from './score.ts';

const HEADINGS = ['fault', 'median', 'p95', 'mean', 'target', 'named right', 'target', 'onset', 'parameter', ''];

/** The table of faults as Markdown, which reads well in a terminal too. */
export function faultTable({ scores, rack }: DetectionResults): string {
  const rackMisses = rack.p95Seconds !== null && rack.p95Seconds <= 1 && rack.namedRight >= 0.98;
  const rackRow = [
    "half of a rack's servers +5 ms",
    secondsText(rack.medianSeconds),
    secondsText(rack.p95Seconds),
    '',
    '≤ 1 s (p95)',
    percentText(rack.namedRight),
    '≥ 98 %',
    '',
    '',
    rackMisses ? 'met' : 'missed',
  ];
  return markdownTable([HEADINGS, ...scores.map(rowOf), rackRow]);
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

/** One sentence on false alarms. */
export function falseAlarmText({ clean }: DetectionResults): string {
  const { streamDays, alarms, streamDaysPerMinute } = clean;
  const kinds = new Map<string, number>();
  for (const { kind } of alarms) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const which = [...kinds].map(([kind, count]) => `${count} × ${kind}`).join(', ');
  const rate = (alarms.length / streamDays) * 30;
  const limit = ((alarms.length === 0 ? 3 : alarms.length + 1.96 * Math.sqrt(alarms.length)) / streamDays) * 30;
  const speed = ` Simulated and judged at ${Math.round(streamDaysPerMinute)} stream-days a minute.`;
  return `${alarms.length} false alarms in ${streamDays} stream-days${which ? ` (${which})` : ''}: ${rate.toPrecision(2)} per stream in 30 days, with 95 % confidence below ${limit.toPrecision(2)}; the target is at most 1.${speed}`;
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

function markdownTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, c) => Math.max(3, ...rows.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${widths.map((width, c) => (row[c] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
