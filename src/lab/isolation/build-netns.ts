import { IsolationError } from './isolation-error.ts';
import { ipBatch, namespaceNames } from './kernel-networks.ts';
import { hostLines, type NetnsPlan, serverLines, serversOf } from './netns-plan.ts';

/** What a kernel without a kind of device says; the module may only not be loaded, or not be there. */
const UNKNOWN_DEVICE = /Unknown device type|Operation not supported/;

/**
 * Makes the bridges, the namespaces and the cables between them.
 * @throws IsolationError with what the kernel refused; what was made until then is there
 */
export async function buildNetns(plan: NetnsPlan): Promise<void> {
  const servers = serversOf(plan);
  const existing = await namespaceNames();
  const taken = servers.find(({ name }) => existing.has(name));
  if (taken !== undefined) {
    throw new IsolationError(
      `there is a network namespace ${taken.name} already; remove it: ip netns del ${taken.name}`,
    );
  }
  const problem = await ipBatch(hostLines(plan));
  if (problem !== null) throw new IsolationError(buildProblem(problem));
  const problems = await Promise.all(servers.map(async (server) => ipBatch(serverLines(server), '-n', server.name)));
  const first = problems.find((found) => found !== null);
  if (first !== undefined) throw new IsolationError(first);
}

/** What went wrong, and what to do about it where that is known. */
export function buildProblem(problem: string): string {
  if (!UNKNOWN_DEVICE.test(problem)) return problem;
  const kind = problem.includes('type veth') ? 'veth' : 'bridge';
  return `this kernel has no ${kind} devices: load them with modprobe ${kind}, or use another kernel (${problem})`;
}
