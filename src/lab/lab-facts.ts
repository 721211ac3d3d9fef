import type { ChildState } from './children.ts';
import type { LabPlan } from './lab-plan.ts';
import type { PlannedProcess } from './planned-process.ts';

/** Something worth knowing of a running lab. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** The label of a fact, as wide as that of any other. */
export function labelColumn({ label }: Pick<Fact, 'label'>): string {
  return label.padEnd(11);
}

/** Where the lab can be asked, how it is broken, and which processes it has. */
export function labFacts(parts: {
  plan: LabPlan;
  processes: readonly ChildState[];
  /** How its user would call `netwatch chaos`. */
  chaosCommand: string;
}): readonly Fact[] {
  const { plan, processes, chaosCommand } = parts;
  const { apiUrl, dashboardUrl, tokenFile, datacenter, racks, agents } = plan;
  const { hostname } = new URL(datacenter.metricsUrl);
  const metrics = [
    datacenter.metricsUrl,
    `racks ${placesText(racks, hostname)}`,
    `agents ${placesText(agents, hostname)}`,
  ];
  return [
    { label: 'dashboard', text: dashboardUrl },
    { label: 'token', text: `${tokenFile} has what its chaos panel asks for` },
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
 * How to see a rack fall silent: `kill -9 12347 silences rack 2 (back after 10 s)`, or one server of it where each has
 * an agent of its own; null while no agent runs.
 * @param processes those of the agents, others too
 */
export function silenceHint(
  { agents }: Pick<LabPlan, 'agents'>,
  processes: readonly ChildState[],
  restartAfterSeconds: number,
): string | null {
  const pids = new Map(processes.map(({ name, pid }) => [name, pid]));
  const running = agents.filter(({ name }) => typeof pids.get(name) === 'number');
  const agent = running.find(({ rackId }) => rackId === 2) ?? running.at(-1);
  if (agent === undefined) return null;
  const { name, rackId, serverIds } = agent;
  const isAlone = agents.filter((other) => other.rackId === rackId).length === 1;
  const what = isAlone ? `rack ${rackId}` : `rack ${rackId} server ${serverIds.join(', ')}`;
  const back = restartAfterSeconds === 0 ? '' : ` (back after ${restartAfterSeconds} s)`;
  return `kill -9 ${pids.get(name)} silences ${what}${back}`;
}

/** `:8001 to :8004`; with the address where it is not `hostname`. */
function placesText(processes: readonly PlannedProcess[], hostname: string): string {
  const places = processes.map(({ metricsUrl }) => {
    const url = new URL(metricsUrl);
    return url.hostname === hostname ? `:${url.port}` : url.host;
  });
  const [first, last] = [places.at(0), places.at(-1)];
  return first === last ? `${first}` : `${first} to ${last}`;
}
