import { parseServerList } from '../config/server-list.ts';
import { refuseMediaType, refuseStranger } from '../io/control-refusals.ts';
import { json, problem, type HttpResponse } from '../io/http-response.ts';
import type { HttpHandler, HttpRequest, HttpRoutes } from '../io/http-router.ts';
import type { AgentInjections } from '../wire/agent-injections.ts';
import type { Injection } from '../wire/injection.ts';
import { MAX_PHASES, parseInjection } from '../wire/injection-schema.ts';
import type { Chaos } from './chaos.ts';

export interface ControlRoutesOptions {
  readonly chaos: Chaos;
  readonly rackId: number;
  /** Of the agent. */
  readonly serverIds: readonly number[];
  /** UDP port of the rack, the only one this agent sends to. */
  readonly rackPort: number;
  readonly token: string;
}

/** Of all injections that are held; some 4 MB. */
const MAX_HELD_PHASES = 4 * MAX_PHASES;
const TOO_MANY_PHASES = `All injections of an agent may have ${MAX_HELD_PHASES} phases together: clear one first.`;

/** The servers a request speaks of, or why it cannot be answered. */
type Named = { readonly serverIds: readonly number[] } | { readonly refusal: HttpResponse };

/**
 * What whoever shows the token may do to the network of an agent's servers. `?servers=0-3` limits a request to some of
 * them; every answer is JSON.
 */
export function createControlRoutes(options: ControlRoutesOptions): HttpRoutes {
  const { chaos, rackId, token } = options;
  const guarded =
    (handler: HttpHandler): HttpHandler =>
    (request) =>
      refuseStranger(request.content, token) ?? handler(request);
  const named =
    (handler: (request: HttpRequest, serverIds: readonly number[]) => HttpResponse): HttpHandler =>
    (request) => {
      const servers = namedServers(request.query, options);
      return 'refusal' in servers ? servers.refusal : handler(request, servers.serverIds);
    };
  const remove = named(({ params }, serverIds) =>
    json({ cleared_server_ids: chaos.clear(serverIds, params['id'] ?? null) }),
  );
  return {
    'GET /v1/injections': guarded(() => json(injectionsOf(rackId, chaos))),
    'PUT /v1/injections/:id': guarded(
      named((request, serverIds) => {
        const read = readInjection(request, options.rackPort);
        if ('refusal' in read) return read.refusal;
        if (phasesHeld(chaos) + read.injection.phases.length > MAX_HELD_PHASES) return problem(409, TOO_MANY_PHASES);
        chaos.hold(read.injection, serverIds);
        return json(injectionsOf(rackId, chaos));
      }),
    ),
    'DELETE /v1/injections': guarded(remove),
    'DELETE /v1/injections/:id': guarded(remove),
  };
}

function injectionsOf(rackId: number, chaos: Chaos): AgentInjections {
  const injections = chaos.held().map(({ injection, serverIds, beganSeconds, untilSeconds }) => ({
    injection,
    server_ids: serverIds,
    began_at: beganSeconds,
    until: untilSeconds,
  }));
  return { rack_id: rackId, injections };
}

function phasesHeld(chaos: Chaos): number {
  return chaos.held().reduce((sum, { injection }) => sum + injection.phases.length, 0);
}

function namedServers(query: URLSearchParams, { rackId, serverIds }: ControlRoutesOptions): Named {
  const given = query.get('servers');
  if (given === null) return { serverIds };
  const wanted = parseServerList(given);
  if (wanted === null) {
    return { refusal: problem(400, 'servers: allowed is a list of server ids like 3, 0-7 or 1,3,5-7.') };
  }
  const own = new Set(serverIds);
  const unknown = wanted.filter((serverId) => !own.has(serverId));
  if (unknown.length === 0) return { serverIds: wanted };
  const detail = `servers: this agent, of rack ${rackId}, has no server ${unknown.join(', ')}.`;
  return { refusal: problem(404, detail) };
}

function readInjection(
  { params, content }: HttpRequest,
  rackPort: number,
): { readonly injection: Injection } | { readonly refusal: HttpResponse } {
  const refusal = refuseMediaType(content);
  if (refusal !== null) return { refusal };
  const parsed = parseInjection(content.body);
  if (parsed.kind === 'refused') return { refusal: problem(400, parsed.problem) };
  const detail = unfit(parsed.injection, params['id'] ?? '', rackPort);
  return detail === null ? { injection: parsed.injection } : { refusal: problem(400, detail) };
}

/** Why an agent cannot do what a well-formed injection says, as a sentence; null when it can. */
function unfit({ id, direction, sparePorts }: Injection, pathId: string, rackPort: number): string | null {
  if (id !== pathId) return `id: the body has ${id} and the path ${pathId}.`;
  if (direction !== 'egress') {
    return `direction: got ${direction}, but an agent receives nothing that could be impaired: allowed is egress.`;
  }
  if (sparePorts.includes(rackPort)) {
    return `sparePorts: this agent sends to port ${rackPort} alone; with it spared, nothing would be impaired.`;
  }
  return null;
}
