import { isIPv6 } from 'node:net';

/** Where to reach what listens on every address. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** What follows the file of the CLI on the command line of a role. */
export function commandLine(role: string, flags: Readonly<Record<string, string | number>>): readonly string[] {
  // With the equals sign a value that begins with a dash stays a value.
  return [role, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)];
}

/** Server ids without a gap, as a flag takes them. */
export function serverList(ids: readonly number[]): string {
  return ids.length === 1 ? `${ids[0]}` : `${ids[0]}-${ids.at(-1)}`;
}

/** Where to reach what listens at an address. */
export function reachable(host: string): string {
  return LOOPBACK[host] ?? host;
}

/** Without a path. */
export function urlOf(host: string, port: number): string {
  const name = reachable(host);
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}
