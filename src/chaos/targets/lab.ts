import { isClearedAnswer, parseAgentInjections, type AgentInjections } from '../../wire/agent-injections.ts';
import type { Injection } from '../../wire/injection.ts';
import type { LabAgent, LabFile } from '../../wire/lab-file.ts';
import type { ControlRequest } from '../control-request.ts';
import { describeInjection } from '../describe-injection.ts';
import { clearRequest, curlText, holdRequest, statusRequest } from '../lab/agent-request.ts';
import { askAgent, type AgentAnswer } from '../lab/ask-agent.ts';
import { compareServers } from '../server-ids.ts';
import { ChaosError, type HeldInjection, type Outcome, type PlannedServer, type Target } from '../target.ts';
import type { TargetServer } from '../target.ts';

export interface LabTargetOptions {
  readonly labFile: LabFile;
  /** Longest that an agent may take to answer. */
  readonly timeoutMs?: number;
}

/** An agent, and those of its servers that are meant. */
interface AgentWork {
  readonly agent: LabAgent;
  /** Sorted. */
  readonly serverIds: readonly number[];
}

const DEFAULT_TIMEOUT_MS = 5000;

/**
 * The servers of a lab without isolation. Their agents carry an emulation of netem and hold injections themselves; they
 * are asked over the control endpoints that the lab's file names.
 */
export function createLabTarget({ labFile, timeoutMs = DEFAULT_TIMEOUT_MS }: LabTargetOptions): Target {
  return new LabTarget(labFile, timeoutMs);
}

class LabTarget implements Target {
  readonly name = 'lab';
  readonly #lab: LabFile;
  readonly #timeoutMs: number;

  constructor(lab: LabFile, timeoutMs: number) {
    this.#lab = lab;
    this.#timeoutMs = timeoutMs;
  }

  list(): Promise<readonly TargetServer[]> {
    const servers = this.#lab.agents.flatMap((agent) => agent.server_ids.map((id) => serverOf(agent, id)));
    return Promise.resolve(servers.toSorted(compareServers));
  }

  plan(injection: Injection, servers: readonly TargetServer[]): readonly PlannedServer[] {
    refuseIngress(injection);
    return this.#workOn(servers).flatMap(({ agent, serverIds }) => {
      const request = curlText(holdRequest(agent, injection, serverIds));
      const meant = servers.filter(({ rackId }) => rackId === agent.rack_id);
      return meant.map((server, n) => ({
        server,
        commands: [n === 0 ? request : `# with the request to ${agent.name} above`],
      }));
    });
  }

  async apply(
    injection: Injection,
    servers: readonly TargetServer[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    refuseIngress(injection);
    return this.#onEachAgent(servers, async ({ agent, serverIds }) => {
      const answer = await this.#ask(agent, holdRequest(agent, injection, serverIds), signal);
      if (answer.kind === 'problem') return answer.problem;
      if (answer.kind === 'down') return downText(agent);
      const held = injectionsOf(agent, answer.value);
      if (typeof held === 'string') return held;
      const own = held.injections.find(({ injection: { id } }) => id === injection.id);
      const isWhole = serverIds.every((id) => own?.server_ids.includes(id));
      return isWhole ? null : `${agent.name} took the injection, but another one is in force`;
    });
  }

  async clear(
    servers: readonly TargetServer[],
    { id, signal }: { id: string | null; signal: AbortSignal },
  ): Promise<readonly Outcome[]> {
    return this.#onEachAgent(servers, async ({ agent, serverIds }) => {
      const answer = await this.#ask(agent, clearRequest(agent, id, serverIds), signal);
      if (answer.kind === 'problem') return answer.problem;
      // What an agent held ended with it.
      return answer.kind === 'down' || isClearedAnswer(answer.value) ? null : strangerText(agent);
    });
  }

  async status(signal: AbortSignal): Promise<readonly HeldInjection[]> {
    const held = await Promise.all(this.#lab.agents.map((agent) => this.#statusOf(agent, signal)));
    return held.flat();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #statusOf(agent: LabAgent, signal: AbortSignal): Promise<readonly HeldInjection[]> {
    const answer = await this.#ask(agent, statusRequest(agent), signal);
    if (answer.kind === 'down') return [];
    const held = answer.kind === 'problem' ? answer.problem : injectionsOf(agent, answer.value);
    if (typeof held === 'string') throw new ChaosError(`what is injected is not known: ${held}`);
    return held.injections.flatMap(({ injection, server_ids: ids, until }) =>
      ids.map((serverId) => ({
        id: injection.id,
        server: serverOf(agent, serverId),
        description: describeInjection(injection),
        untilSeconds: until,
        state: 'active' as const,
        problem: null,
      })),
    );
  }

  #ask(agent: LabAgent, request: ControlRequest, signal: AbortSignal): Promise<AgentAnswer> {
    return askAgent({ agent, request, token: this.#lab.token, signal, timeoutMs: this.#timeoutMs });
  }

  /** All agents at once: each is a process of this machine. `act` gives what went wrong for its servers, or null. */
  async #onEachAgent(
    servers: readonly TargetServer[],
    act: (work: AgentWork) => Promise<string | null>,
  ): Promise<readonly Outcome[]> {
    const problems = new Map<number, string | null>();
    await Promise.all(
      this.#workOn(servers).map(async (work) => {
        problems.set(work.agent.rack_id, await act(work));
      }),
    );
    return servers.map((server) => ({ server, problem: problems.get(server.rackId) ?? null }));
  }

  /** @throws ChaosError for a server that the lab does not have */
  #workOn(servers: readonly TargetServer[]): readonly AgentWork[] {
    return [...Map.groupBy(servers, ({ rackId }) => rackId)].map(([rackId, group]) => {
      const agent = this.#lab.agents.find(({ rack_id }) => rack_id === rackId);
      if (agent === undefined) throw new ChaosError(`the lab at ${this.#lab.api_url} has no agent of rack ${rackId}`);
      const serverIds = [...new Set(group.map(({ serverId }) => serverId))].toSorted((a, b) => a - b);
      return { agent, serverIds };
    });
  }
}

function refuseIngress({ direction }: Injection): void {
  if (direction === 'egress') return;
  throw new ChaosError(
    `the servers of this lab only send, and receive nothing that could be impaired (got --direction ${direction}): ` +
      'use --direction egress, or a lab started with --isolation netns',
  );
}

function serverOf({ rack_id: rackId, name, control_url: url }: LabAgent, serverId: number): TargetServer {
  return { rackId, serverId, place: `${name}, control ${new URL(url).host}` };
}

function downText({ name, control_url: url }: LabAgent): string {
  return `${name} does not run (nobody listens at ${new URL(url).host}): wait until the lab has started it again`;
}

function strangerText({ name, control_url: url }: LabAgent): string {
  return `what answers at ${new URL(url).host} is not ${name} of this lab`;
}

/** What an agent holds, or why what answered is not that agent. */
function injectionsOf(agent: LabAgent, value: unknown): AgentInjections | string {
  const held = parseAgentInjections(value);
  return held?.rack_id === agent.rack_id ? held : strangerText(agent);
}
