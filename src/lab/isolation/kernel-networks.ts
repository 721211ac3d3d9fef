import { runCommand } from '../../io/run-command.ts';
import { parseRoutes, type UsedRange } from './netns-network.ts';

/** A network device of this host. */
export interface HostLink {
  readonly name: string;
  readonly alias: string | null;
}

/**
 * Runs lines through `ip -batch`.
 * @param options of ip itself: `-n`, `nw4711r0s3`
 * @returns null, or what went wrong
 */
export async function ipBatch(lines: readonly string[], ...options: readonly string[]): Promise<string | null> {
  if (lines.length === 0) return null;
  const { problem } = await runCommand(['ip', ...options, '-batch', '-'], { input: `${lines.join('\n')}\n` });
  return problem === null ? null : nameLines(problem, lines);
}

/** Every IPv4 destination but the default one. @throws Error when ip cannot say */
export async function usedRanges(): Promise<readonly UsedRange[]> {
  return parseRoutes(await outputOf(['ip', '-json', '-4', 'route', 'show', 'table', 'all']));
}

/** @throws Error when ip cannot say */
export async function hostLinks(): Promise<readonly HostLink[]> {
  return parseLinks(await outputOf(['ip', '-json', 'link', 'show']));
}

/** @throws Error when ip cannot say */
export async function namespaceNames(): Promise<ReadonlySet<string>> {
  // Without any there is nothing, not even an empty list. The number that may follow a name is of no use here.
  const lines = (await outputOf(['ip', 'netns', 'list'])).split('\n');
  return new Set(lines.flatMap((line) => line.split(' ')[0] || []));
}

/** Reads `ip -json link show`. @throws Error when it is no such thing */
export function parseLinks(json: string): readonly HostLink[] {
  const links: unknown = JSON.parse(json);
  if (!Array.isArray(links)) throw new Error('ip did not list the devices as JSON');
  return links.flatMap((link: unknown): HostLink[] => {
    if (typeof link !== 'object' || link === null || !('ifname' in link)) return [];
    const alias = 'ifalias' in link && typeof link.ifalias === 'string' ? link.ifalias : null;
    return typeof link.ifname === 'string' ? [{ name: link.ifname, alias }] : [];
  });
}

/** In place of a line's number, the line: `RTNETLINK answers: File exists (ip link add name nw4711r0 type bridge)`. */
function nameLines(problem: string, lines: readonly string[]): string {
  return problem.replaceAll(/;? *Command failed -:(\d+)/g, (_, number: string) => ` (ip ${lines[Number(number) - 1]})`);
}

async function outputOf(commandLine: readonly string[]): Promise<string> {
  const { problem, stdout } = await runCommand(commandLine);
  if (problem !== null) throw new Error(`${commandLine.join(' ')}: ${problem}`);
  return stdout;
}
