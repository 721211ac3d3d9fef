import { printable, truncate } from '../terminal/display-width.ts';

/** Levels of the roles' logs, least severe first. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type RoleLogLevel = (typeof LEVELS)[number];

const MAX_COLUMNS = 300;
/** Fields that every line has, or that are told another way. */
const HIDDEN: ReadonlySet<string> = new Set(['level', 'time', 'role', 'msg', 'pid', 'hostname']);

/**
 * Turns a line that a role wrote to stderr into a plain one: `rack-2: datacenter not reachable (cause ECONNREFUSED)`.
 * What is no structured line, such as an error of Node itself, is given as it is. At most 300 columns, without anything
 * a terminal would obey.
 * @returns null for a line below `least`, and for a blank one
 */
export function plainRoleLine(name: string, line: string, least: RoleLogLevel): string | null {
  if (line.trim() === '') return null;
  const entry = parseEntry(line);
  if (entry === null) return clean(`${name}: ${line}`);
  if (rank(entry.level) < rank(least)) return null;
  const fields = Object.entries(entry).filter(([key]) => !HIDDEN.has(key));
  const shown = fields.map(([key, value]) => `${key} ${valueText(value)}`).join(', ');
  return clean(`${name}: ${valueText(entry.msg ?? '')}${shown === '' ? '' : ` (${shown})`}`);
}

/** The lines of a role that the lab shows, given the level its roles log at. */
export function shownLevel(logLevel: string): RoleLogLevel {
  // Below info there is no reason to ask for more but to see it.
  return logLevel === 'debug' || logLevel === 'trace' ? logLevel : 'warn';
}

function parseEntry(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** A level that is not known is shown. */
function rank(level: unknown): number {
  const index = LEVELS.findIndex((known) => known === level);
  return index === -1 ? LEVELS.length : index;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  // An error, as the roles' log writes it.
  const isError = typeof value === 'object' && value !== null && 'message' in value;
  if (isError && typeof value.message === 'string') return value.message;
  return JSON.stringify(value) ?? '';
}

function clean(text: string): string {
  return truncate(printable(text.replaceAll(/\s+/g, ' ')).trimEnd(), MAX_COLUMNS);
}
