import type { ChildState } from './children.ts';
import type { LabPlan, PlannedProcess } from './lab-plan.ts';

/** Something worth knowing of a running lab. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** The label of a fact, as wide as that of any other. */
export function labelColumn({ label }: Pick<Fact, 'label'>): string {
  return label.padEnd(9);
}

/** Where the lab can be asked, how it is broken, and which processes it has. */
export function labFacts(parts: {
  plan: LabPlan;
  processes: readonly ChildState[];
  /** How its user would call `netwatch chaos`. */
  chaosCommand: string;
}): readonly Fact[] {
  const { plan, processes, chaosCommand } = parts;
  const { apiUrl, datacenter, racks, agents } = plan;
  const metrics = [datacenter.metricsUrl, `racks ${portsText(racks)}`, `agents ${portsText(agents)}`];
  return [
    { label: 'health', text: `${apiUrl}/api/v1/health` },
    { label: 'events', text: `${apiUrl}/api/v1/events` },
    { label: 'metrics', text: metrics.join(', ') },
    { label: 'chaos', text: `${chaosCommand} --rack 0 --loss 20` },
    { label: 'pids', text: pidsText(processes) },
  ];
}

/** `agent-0 12345, agent-1 down`. */
function pidsText(states: readonly ChildState[]): string {
  return states.map(({ name, pid }) => `${name} ${pid ?? 'down'}`).join(', ');
}

/**
 * How to see a rack fall silent: `kill -9 12347 silences rack 2 (back after 10 s)`; null while no agent runs.
 * @param agents by rack id
 */
export function silenceHint(agents: readonly ChildState[], restartAfterSeconds: number): string | null {
  const running = agents.flatMap(({ pid }, rackId) => (pid === null ? [] : [{ pid, rackId }]));
  const { pid, rackId } = running.find((agent) => agent.rackId === 2) ?? running.at(-1) ?? {};
  if (pid === undefined) return null;
  const back = restartAfterSeconds === 0 ? '' : ` (back after ${restartAfterSeconds} s)`;
  return `kill -9 ${pid} silences rack ${rackId}${back}`;
}

/** `:8001 to :8004`. */
function portsText(processes: readonly PlannedProcess[]): string {
  const ports = processes.map(({ metricsUrl }) => `:${new URL(metricsUrl).port}`);
  const [first, last] = [ports.at(0), ports.at(-1)];
  return first === last ? `${first}` : `${first} to ${last}`;
}
