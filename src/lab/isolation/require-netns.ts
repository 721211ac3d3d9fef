import { readFile } from 'node:fs/promises';
import { runCommand } from '../../io/run-command.ts';
import { IsolationError } from './isolation-error.ts';

/** Bits of linux/capability.h: for devices and addresses, and for namespaces and the mounts that name them. */
const NEEDED_CAPABILITIES = [
  { name: 'CAP_NET_ADMIN', bit: 12n },
  { name: 'CAP_SYS_ADMIN', bit: 21n },
] as const;

/**
 * Makes sure that this process may make network namespaces and has the tool for it.
 * @throws IsolationError that names what is missing
 */
export async function requireNetns(platform: string): Promise<void> {
  if (platform !== 'linux') {
    throw new IsolationError(`network namespaces are a part of Linux, and this is ${platform}; leave the flag away`);
  }
  const missing = missingCapabilities(await readFile('/proc/self/status', 'utf8'));
  if (missing.length > 0) {
    throw new IsolationError(`it needs root, and this process lacks ${missing.join(' and ')}; start it with sudo`);
  }
  const { problem } = await runCommand(['ip', '-Version']);
  if (problem !== null) throw new IsolationError(`it needs the command ip (Debian: iproute2), but ${problem}`);
}

/** What a process with this `/proc/PID/status` is not allowed to do. */
export function missingCapabilities(status: string): readonly string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return NEEDED_CAPABILITIES.filter(({ bit }) => (effective & (1n << bit)) === 0n).map(({ name }) => name);
}
