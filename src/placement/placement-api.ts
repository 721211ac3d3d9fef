import type {
  ConfigurationOptions,
  CoordinationV1Api,
  CoreV1Api,
  KubeConfig,
  V1Lease,
  V1LeaseList,
  V1Node,
} from '@kubernetes/client-node';
import { type ApiCall, whereText } from '../kubernetes/api-call.ts';
import { KubernetesApiError } from '../kubernetes/api-error.ts';
import { ApiRequests } from '../kubernetes/api-request.ts';
import { listAll, PAGE_LENGTH } from '../kubernetes/list-all.ts';
import type { KubernetesClient } from '../kubernetes/load-kubeconfig.ts';
import type { Login } from '../kubernetes/login.ts';
import { placementRoleText } from './role.ts';

/** What is read of a node. */
export interface NodeFacts {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the calls are made with. */
export interface PlacementApiParts {
  readonly client: KubernetesClient;
  readonly config: KubeConfig;
  readonly login: Login;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/**
 * The calls that placement makes: of the node, and of Leases in one namespace. Each throws a KubernetesApiError when it
 * fails, and the reason of `signal` when that is aborted.
 */
export class PlacementApi {
  readonly #namespace: string;
  readonly #signal: AbortSignal;
  readonly #requests: ApiRequests;
  readonly #core: CoreV1Api;
  readonly #coordination: CoordinationV1Api;
  readonly #server: string;
  readonly #login: Login;
  #lastCall: ApiCall | null = null;

  constructor({ client, config, login, namespace, signal }: PlacementApiParts) {
    this.#login = login;
    this.#namespace = namespace;
    this.#signal = signal;
    this.#requests = new ApiRequests(client);
    this.#core = config.makeApiClient(client.CoreV1Api);
    this.#coordination = config.makeApiClient(client.CoordinationV1Api);
    this.#server = config.getCurrentCluster()?.server ?? '';
  }

  /** What was asked last, and whom. */
  get lastText(): string {
    const call = this.#lastCall;
    return call === null ? 'nothing' : `${call.verb} ${call.resource} ${whereText(call)}, at ${call.server}`;
  }

  /** What there is to know of a node. */
  async node(name: string): Promise<NodeFacts> {
    const call = { ...this.#call('get', 'nodes'), namespace: null };
    const node: V1Node | null = await this.#ask(call, (options) => this.#core.readNode({ name }, options));
    const { uid, labels = {} } = node?.metadata ?? {};
    // A Lease that belongs to nobody would never be removed.
    if (!uid) throw senseless(call, `with no node ${name}: it has no metadata.uid`);
    return { uid, labels };
  }

  /** What is needed of every Lease with these labels. @param keep gives that; null when it is none that counts */
  list<Kept>(
    labels: Readonly<Record<string, string>>,
    keep: (lease: V1Lease) => Kept | null,
  ): Promise<readonly Kept[]> {
    const selector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    return listAll(this.#call('list', 'leases'), { readPage: (from) => this.#listPage(selector, from), keep });
  }

  /** @returns false when there is one of this name */
  async create(body: V1Lease): Promise<boolean> {
    const call = this.#call('create', 'leases');
    const param = { namespace: this.#namespace, body, fieldManager: 'netwatch' };
    try {
      const made: V1Lease | null = await this.#ask(call, (options) =>
        this.#coordination.createNamespacedLease(param, options),
      );
      const [name, wanted] = [made?.metadata?.name, body.metadata?.name];
      if (name !== wanted) throw senseless(call, `with no Lease ${wanted}, which should have been made`);
      return true;
    } catch (error) {
      if (error instanceof KubernetesApiError && error.isConflict) return false;
      throw error;
    }
  }

  /**
   * Removes a Lease, and none that was made later under its name: by then it is somebody else's.
   * @param uid of the Lease
   */
  async remove(name: string, uid: string): Promise<void> {
    const param = { namespace: this.#namespace, name, body: { preconditions: { uid } } };
    try {
      await this.#ask(this.#call('delete', 'leases'), (options) =>
        this.#coordination.deleteNamespacedLease(param, options),
      );
    } catch (error) {
      if (!(error instanceof KubernetesApiError && (error.isNotFound || error.isConflict))) throw error;
    }
  }

  /** Closes its connections. */
  close(): Promise<void> {
    return this.#requests.close();
  }

  #listPage(labelSelector: string, from: string | undefined): Promise<V1LeaseList> {
    const page = from === undefined ? {} : { _continue: from };
    const param = { namespace: this.#namespace, limit: PAGE_LENGTH, labelSelector, ...page };
    return this.#ask(this.#call('list', 'leases'), (options) => this.#coordination.listNamespacedLease(param, options));
  }

  #ask<T>(call: ApiCall, request: (options: ConfigurationOptions) => Promise<T>): Promise<T> {
    this.#lastCall = call;
    return this.#requests.ask(call, this.#signal, request);
  }

  #call(verb: ApiCall['verb'], resource: string): ApiCall {
    const [namespace, server, login] = [this.#namespace, this.#server, this.#login];
    return { verb, resource, namespace, server, login, role: placementRoleText(namespace) };
  }
}

function senseless(call: ApiCall, message: string): KubernetesApiError {
  return new KubernetesApiError({ call, status: 'senseless', message });
}
