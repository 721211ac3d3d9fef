import { type Machine, machineText } from '../machine.ts';
import { type Episode, isFalseAlarm } from './fault-record.ts';
import { type Lag, lagText } from './lag.ts';

/** Everything a run has recorded. */
export interface Recording {
  readonly machine: Machine;
  /** Load average over a minute: at the start, and after each minute. */
  readonly loads: readonly number[];
  readonly racks: number;
  readonly servers: number;
  /** How long the lab was watched, and how long of that all its servers could be judged. */
  readonly seconds: number;
  readonly judgedSeconds: number;
  /** How often the tree was looked at, and how often it was not to be had. */
  readonly looks: number;
  readonly missed: number;
  readonly receiverLag: Lag | null;
  readonly scheduleLag: Lag | null;
  readonly episodes: readonly Episode[];
}

const HEADINGS = ['kind', 'severity', 'where', 'told at', 'for', 'parameters', 'the rack was late'];

/** What a person reads: the machine, what was told, and the count. */
export function summaryText(recording: Recording): string {
  const { episodes, racks, servers } = recording;
  const [alarms, observed] = [episodes.filter(isFalseAlarm), episodes.filter(({ kind }) => kind === 'observer')];
  const serious = alarms.filter(({ severity }) => severity !== 'info').length;
  const table = alarms.length === 0 ? [] : [tableText([HEADINGS, ...alarms.map(cellsOf)]), ''];
  const lags = [
    recording.receiverLag && lagText('receive threads of the racks', recording.receiverLag),
    recording.scheduleLag && lagText('schedules of the agents', recording.scheduleLag),
  ].filter((text) => text !== null);
  return [
    machineText(recording.machine),
    `load average ${recording.loads.map((load) => load.toFixed(1)).join(' ')}`,
    ...lags,
    '',
    ...table,
    `${alarms.length} false alarms, ${serious} of them warning or worse, in ${(recording.judgedSeconds / 60).toFixed(1)} min of ` +
      `${racks} racks × ${servers} servers, ${((recording.judgedSeconds * racks * servers) / 86_400).toFixed(2)} stream-days`,
    `the racks said ${new Set(observed.map(({ rackId, since }) => `${rackId}/${since}`)).size} times that they themselves were late`,
    `${recording.looks} looks at the tree, ${recording.missed} without an answer`,
    '',
  ].join('\n');
}

/** One false alarm in a line. */
export function episodeText(episode: Episode): string {
  return cellsOf(episode)
    .map((cell, at) => `${HEADINGS[at]} ${cell}`)
    .join(', ');
}

function cellsOf(episode: Episode): readonly string[] {
  const { kind, severity, rackId, serverId, firstSeen, lastSeen, parameters, isObserved } = episode;
  return [
    kind,
    severity,
    serverId === null ? `rack ${rackId}` : `${rackId}/${serverId}`,
    new Date(firstSeen * 1000).toISOString().slice(11, 23),
    `${(lastSeen - firstSeen).toFixed(1)} s`,
    Object.entries(parameters)
      .map(([name, value]) => `${name}=${Number(value.toPrecision(3))}`)
      .join(' '),
    isObserved ? 'yes' : 'no',
  ];
}

function tableText(cells: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
