import { messageOf } from '../io/error-text.ts';
import { readLabFile } from '../io/read-lab-file.ts';
import { UserError } from '../io/user-error.ts';
import type { ChaosControlStatus, InjectRequest } from '../wire/api/chaos-control.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import type { LabFile } from '../wire/lab-file.ts';
import { readRequest } from './api-request.ts';
import { compareShown } from './compare-shown.ts';
import { injectAll, undo } from './inject.ts';
import { noticeOf } from './notice.ts';
import { selectServers } from './select-servers.ts';
import type { Target, TargetServer } from './target.ts';
import { createLabTarget } from './targets/lab.ts';

export interface ApiControlOptions {
  /** Names the file of the lab, which is read anew at each use: it is written once the lab runs. */
  readonly labFile: string;
  /** Unix seconds, on the clock of the datacenter. */
  readonly nowSeconds: () => number;
  readonly openTarget?: (labFile: LabFile) => Target;
}

interface Refused {
  readonly kind: 'refused';
  readonly status: 400 | 404 | 502 | 503;
  readonly detail: string;
}

type Outcome<T> = { readonly kind: 'done'; readonly value: T } | Refused;

/** The lab, or why it cannot be broken from here. */
type FoundLab = { readonly lab: LabFile } | { readonly reason: string };

/** For all agents of a busy machine to answer. */
const INJECT_DEADLINE_MS = 20_000;
const STATUS_DEADLINE_MS = 5000;
/** For so long what was found is not looked up again only to be shown. */
const STATUS_FRESH_MS = 1000;

const NOT_YET = 'The lab has not said how it is controlled: it is still starting, or has ended.';
const NETNS =
  'The servers of this lab are in network namespaces, which only root may break: use "netwatch chaos" on its machine.';

/** Breaks the lab of a datacenter for those that ask its API: what the datacenter takes as its means of control. */
export function createApiControl(options: ApiControlOptions): ApiControl {
  return new ApiControl(options);
}

class ApiControl {
  readonly target = 'lab';
  readonly #labFile: string;
  readonly #nowSeconds: () => number;
  readonly #openTarget: (labFile: LabFile) => Target;
  #status: { readonly atMs: number; readonly found: Promise<ChaosControlStatus> } | null = null;

  constructor({ labFile, nowSeconds, openTarget = (lab) => createLabTarget({ labFile: lab }) }: ApiControlOptions) {
    this.#labFile = labFile;
    this.#nowSeconds = nowSeconds;
    this.#openTarget = openTarget;
  }

  /** Whether it can be done now. Never rejects. */
  status(): Promise<ChaosControlStatus> {
    const nowMs = performance.now();
    if (this.#status === null || nowMs - this.#status.atMs > STATUS_FRESH_MS) {
      this.#status = { atMs: nowMs, found: this.#find().then(statusOf) };
    }
    return this.#status.found;
  }

  /** Injects on all servers that are meant, or on none. Never rejects. */
  inject(request: InjectRequest): Promise<Outcome<ChaosNotice>> {
    return this.#withTarget(async (target) => {
      const read = readRequest(request);
      if (read.kind === 'problem') return refused(400, read.problem);
      const { injection } = read;
      const all = await target.list(AbortSignal.timeout(STATUS_DEADLINE_MS));
      const servers = chosen(all, request);
      if ('kind' in servers) return servers;
      await injectAll({ target, injection, servers, signal: AbortSignal.timeout(INJECT_DEADLINE_MS) });
      const beganSeconds = this.#nowSeconds();
      return { kind: 'done', value: noticeOf({ injection, target: target.name, servers, all, beganSeconds }) };
    });
  }

  /** Undoes an injection, or with null all, and gives the ids of what was held. Never rejects. */
  clear(id: string | null): Promise<Outcome<readonly string[]>> {
    return this.#withTarget(async (target) => {
      const held = await this.#heldIds(target);
      // Also where nobody says that it is: what a lost answer left behind is gone then, too.
      await undo({ target, servers: await target.list(AbortSignal.timeout(STATUS_DEADLINE_MS)), id });
      return { kind: 'done', value: held.filter((one) => id === null || one === id) };
    });
  }

  /** Of what is shown, what is over or on fewer servers; nothing when that cannot be found out. Never rejects. */
  async compare(shown: readonly ChaosNotice[]) {
    const none = { endedIds: [], narrowed: [] };
    const compared = await this.#withTarget(async (target) => {
      const signal = AbortSignal.timeout(STATUS_DEADLINE_MS);
      const { phantoms, narrower } = await compareShown(target, shown, { signal, nowSeconds: this.#nowSeconds() });
      const value = { endedIds: phantoms.map(({ id }) => id), narrowed: narrower.map(({ held }) => held) };
      return { kind: 'done', value };
    });
    return compared.kind === 'done' ? compared.value : none;
  }

  /** An agent that does not say what it holds is asked to clear all the same, and its answer to that counts. */
  async #heldIds(target: Target): Promise<readonly string[]> {
    try {
      const held = await target.status(AbortSignal.timeout(STATUS_DEADLINE_MS));
      return [...new Set(held.map(({ id }) => id))];
    } catch {
      return [];
    }
  }

  async #find(): Promise<FoundLab> {
    const read = await readLabFile(this.#labFile);
    if (read === null) return { reason: NOT_YET };
    if (read.kind === 'unusable') return { reason: `The file of the lab cannot be used: ${read.problem}.` };
    return read.file.isolation === 'netns' ? { reason: NETNS } : { lab: read.file };
  }

  async #withTarget<T>(use: (target: Target) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const found = await this.#find();
    if ('reason' in found) return refused(503, found.reason);
    try {
      const target = this.#openTarget(found.lab);
      // Within the other `try`: nothing that goes wrong here rejects.
      try {
        return await use(target);
      } finally {
        await target.close();
      }
    } catch (error) {
      return refused(502, sentence(messageOf(error)));
    }
  }
}

function statusOf(found: FoundLab): ChaosControlStatus {
  return 'lab' in found ? { available: true, reason: null } : { available: false, reason: found.reason };
}

function chosen(
  all: readonly TargetServer[],
  { rack_ids: racks, server_ids: servers }: InjectRequest,
): readonly TargetServer[] | Refused {
  try {
    return selectServers(all, { racks, servers });
  } catch (error) {
    if (error instanceof UserError) return refused(404, sentence(error.message));
    throw error;
  }
}

function refused(status: Refused['status'], detail: string): Refused {
  return { kind: 'refused', status, detail };
}

/** What is written in several lines for a terminal, as one. */
function sentence(text: string): string {
  const line = text.replace(/:\n */g, ': ').replace(/\n */g, '; ');
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}${line.endsWith('.') ? '' : '.'}`;
}
