import type { CoordinationV1Api, CoreV1Api, KubeConfig, V1Lease, V1LeaseList } from '@kubernetes/client-node';
import { type ApiCall, KubernetesApiError } from '../kubernetes/api-error.ts';
import { ApiRequests } from '../kubernetes/api-request.ts';
import { listAll, PAGE_LENGTH } from '../kubernetes/list-all.ts';
import type { KubernetesClient } from '../kubernetes/load-kubeconfig.ts';
import { placementRoleText } from './role.ts';

/** What is read of a node. */
export interface NodeFacts {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The calls that placement makes: of the node, and of Leases in one namespace. Each throws a KubernetesApiError when it
 * fails, and the reason of `signal` when that is aborted.
 */
export class LeaseApi {
  readonly #namespace: string;
  readonly #signal: AbortSignal;
  readonly #requests: ApiRequests;
  readonly #core: CoreV1Api;
  readonly #coordination: CoordinationV1Api;
  readonly #server: string;

  constructor(parts: { client: KubernetesClient; config: KubeConfig; namespace: string; signal: AbortSignal }) {
    const { client, config, namespace, signal } = parts;
    this.#namespace = namespace;
    this.#signal = signal;
    this.#requests = new ApiRequests(client);
    this.#core = config.makeApiClient(client.CoreV1Api);
    this.#coordination = config.makeApiClient(client.CoordinationV1Api);
    this.#server = config.getCurrentCluster()?.server ?? '';
  }

  /** What there is to know of a node. */
  async node(name: string): Promise<NodeFacts> {
    const call = { ...this.#call('get', 'nodes'), namespace: null };
    const node = await this.#requests.ask(call, this.#signal, (options) => this.#core.readNode({ name }, options));
    return { uid: node.metadata?.uid ?? '', labels: node.metadata?.labels ?? {} };
  }

  /** Every Lease with these labels. */
  list(labels: Readonly<Record<string, string>>): Promise<readonly V1Lease[]> {
    const selector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    return listAll(this.#call('list', 'leases'), (from) => this.#listPage(selector, from));
  }

  /** @returns false when there is one of this name */
  async create(body: V1Lease): Promise<boolean> {
    const param = { namespace: this.#namespace, body, fieldManager: 'netwatch' };
    try {
      await this.#requests.ask(this.#call('create', 'leases'), this.#signal, (options) =>
        this.#coordination.createNamespacedLease(param, options),
      );
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
      await this.#requests.ask(this.#call('delete', 'leases'), this.#signal, (options) =>
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
    return this.#requests.ask(this.#call('list', 'leases'), this.#signal, (options) =>
      this.#coordination.listNamespacedLease(param, options),
    );
  }

  #call(verb: ApiCall['verb'], resource: string): ApiCall {
    return {
      verb,
      resource,
      namespace: this.#namespace,
      server: this.#server,
      role: placementRoleText(this.#namespace),
    };
  }
}
