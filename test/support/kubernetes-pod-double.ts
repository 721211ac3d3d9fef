import { isDeepStrictEqual } from 'node:util';
import type { V1ContainerState, V1EphemeralContainer, V1Pod } from '@kubernetes/client-node';
import { checkModel } from './kubernetes-models.ts';

/** What the kubelet says of a container, one look after the other. */
export type KubeletStep =
  | { readonly waiting: string; readonly message?: string }
  | { readonly log: string }
  | { readonly exit: number; readonly message?: string };

/** What becomes of a container. */
export interface Play {
  /** In order; the last one stays. Each look at the pod moves to the next. */
  readonly steps: readonly KubeletStep[];
  /** When it is told to end. Null: it takes no notice. */
  readonly onTerm: KubeletStep | null;
}

export const READY: KubeletStep = { log: 'netwatch: ready\n' };
const STARTING: KubeletStep = { waiting: 'ContainerCreating' };
const UNDONE: KubeletStep = { exit: 0 };

/** A holder that starts, is ready, and undoes when it is told to. */
export const HOLDS: Play = { steps: [STARTING, { log: '' }, READY], onTerm: UNDONE };
/** A sweep that does what it should. */
export const SWEEPS: Play = { steps: [STARTING, { log: '' }, UNDONE], onTerm: UNDONE };

/** A container that really runs. */
export interface LiveContainer {
  now(): KubeletStep;
  term(): void;
}

interface Running {
  readonly container: V1EphemeralContainer;
  readonly play: Play;
  readonly live: LiveContainer | null;
  step: number;
  told: boolean;
  startedAt: string | null;
}

export interface PodOptions {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly phase?: string;
  isTerminating?: boolean;
  readonly hostNetwork?: boolean;
  readonly owner?: string;
}

/** Not allowed in an ephemeral container, whatever the type says. */
const FORBIDDEN_FIELDS = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'resources'];

/** A pod as an API server has it, with a kubelet that plays what it is told. */
export class PodDouble {
  readonly options: PodOptions;
  readonly uid: string;
  readonly #containers: Running[] = [];
  /** What becomes of the next containers; once they are used up, of each further one by its name. */
  readonly plays: Play[] = [];
  /** Runs containers for real, instead of playing. */
  kubelet: ((container: V1EphemeralContainer) => LiveContainer) | null = null;

  constructor(options: PodOptions, uid: string) {
    this.options = options;
    this.uid = uid;
  }

  get containers(): readonly V1EphemeralContainer[] {
    return this.#containers.map(({ container }) => container);
  }

  /** The kubelet has come further. */
  advance(): void {
    for (const running of this.#containers) {
      running.step = Math.min(running.step + 1, running.play.steps.length - 1);
      if (this.#state(running).running) running.startedAt ??= new Date().toISOString();
    }
  }

  /** Lets the kubelet come to the end of what it plays. */
  settle(): void {
    for (let looks = 0; looks < 10; looks++) this.advance();
  }

  isRunning(name: string): boolean {
    const running = this.#find(name);
    return running !== undefined && this.#state(running).running !== undefined;
  }

  log(name: string): string | null {
    const step = this.#step(this.#find(name));
    if (step === null || 'waiting' in step) return null;
    return 'log' in step ? step.log : '';
  }

  /** A container is told to end. */
  term(name: string): void {
    const running = this.#find(name);
    running?.live?.term();
    if (running?.play.onTerm) running.told = true;
  }

  /** Takes containers as a strategic merge does. @returns why not, null when it did */
  merge(containers: readonly V1EphemeralContainer[]): { status: 422 | 400; message: string } | null {
    for (const container of containers) {
      const wrong = this.#wrongIn(container);
      if (wrong !== null) return wrong;
      if (this.#find(container.name)) continue;
      const play = this.plays.shift() ?? (container.name.includes('sweep') ? SWEEPS : HOLDS);
      const live = this.kubelet?.(container) ?? null;
      this.#containers.push({ container, play, live, step: 0, told: false, startedAt: null });
    }
    return null;
  }

  /** As JSON, without what nobody here reads. */
  toJson(namespace: string): object {
    const { name, labels = {}, phase = 'Running', isTerminating = false, hostNetwork, owner } = this.options;
    const deletion = isTerminating ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {};
    const owners =
      owner === undefined ? {} : { ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name: 'o', uid: 'u' }] };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, uid: this.uid, labels, ...deletion, ...owners },
      spec: {
        ...(hostNetwork === undefined ? {} : { hostNetwork }),
        containers: [{ name: 'agent', image: 'netwatch' }],
        ephemeralContainers: this.containers,
      },
      status: {
        phase,
        ephemeralContainerStatuses: this.#containers.map((running) => ({
          name: running.container.name,
          image: running.container.image,
          imageID: '',
          ready: false,
          restartCount: 0,
          state: this.#state(running),
        })),
      },
    } satisfies Record<keyof Pick<V1Pod, 'apiVersion' | 'kind' | 'metadata' | 'spec' | 'status'>, unknown>;
  }

  #find(name: string): Running | undefined {
    return this.#containers.find(({ container }) => container.name === name);
  }

  #step(running: Running | undefined): KubeletStep | null {
    if (running === undefined) return null;
    if (running.live !== null) return running.live.now();
    if (running.told) return running.play.onTerm;
    return running.play.steps[running.step] ?? null;
  }

  #state(running: Running): Record<keyof V1ContainerState, unknown> {
    const step = this.#step(running);
    const none = { waiting: undefined, running: undefined, terminated: undefined };
    if (step === null) return none;
    if ('waiting' in step) return { ...none, waiting: { reason: step.waiting, message: step.message } };
    if ('log' in step) return { ...none, running: { startedAt: running.startedAt ?? new Date().toISOString() } };
    const reason = step.exit === 0 ? 'Completed' : 'Error';
    return { ...none, terminated: { exitCode: step.exit, reason, message: step.message } };
  }

  #wrongIn(container: V1EphemeralContainer): { status: 422 | 400; message: string } | null {
    const unknown = checkModel(container, 'V1EphemeralContainer', 'spec.ephemeralContainers[0]');
    if (unknown.length > 0) return { status: 400, message: `strict decoding error: ${unknown.join(', ')}` };
    const invalid = (message: string) => ({
      status: 422 as const,
      message: `Pod "${this.options.name}" is invalid: ${message}`,
    });
    const { name, image = '' } = container;
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return invalid(`name: Invalid value: "${name}"`);
    if (image === '' || image.trim() !== image) return invalid('image: Required value');
    const forbidden = FORBIDDEN_FIELDS.find((field) => field in container);
    if (forbidden !== undefined) return invalid(`${forbidden}: Forbidden: cannot be set for an Ephemeral Container`);
    if (name === 'agent') return invalid('name: Duplicate value: "agent"');
    const known = this.#find(name);
    if (known === undefined || isDeepStrictEqual(known.container, container)) return null;
    return invalid('spec.ephemeralContainers: Forbidden: existing ephemeral containers may not be changed');
  }
}
