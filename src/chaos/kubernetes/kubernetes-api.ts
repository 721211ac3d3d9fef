import type { CoreV1Api, KubeConfig, V1EphemeralContainer, V1Pod, V1PodList } from '@kubernetes/client-node';
import type { ApiCall } from '../../kubernetes/api-call.ts';
import { KubernetesApiError } from '../../kubernetes/api-error.ts';
import { ApiRequests, REQUEST_TIMEOUT_MS } from '../../kubernetes/api-request.ts';
import { listAll, PAGE_LENGTH } from '../../kubernetes/list-all.ts';
import type { KubernetesClient } from '../../kubernetes/load-kubeconfig.ts';
import type { Login } from '../../kubernetes/login.ts';
import { type CommandProblem, execCommand } from './exec-command.ts';
import { roleText } from './role.ts';

/** A container of a pod. */
export interface ContainerPlace {
  readonly pod: string;
  readonly container: string;
}

const MAX_LOG_BYTES = 65_536;

/**
 * The calls that chaos makes, all in one namespace. Each throws a KubernetesApiError when it fails, and the reason of
 * `signal` when that is aborted.
 */
export class KubernetesApi {
  readonly namespace: string;
  readonly #requests: ApiRequests;
  readonly #core: CoreV1Api;
  readonly #client: KubernetesClient;
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #login: Login;

  constructor(parts: { client: KubernetesClient; config: KubeConfig; login: Login; namespace: string }) {
    const { client, config, login, namespace } = parts;
    this.namespace = namespace;
    this.#requests = new ApiRequests(client);
    this.#core = config.makeApiClient(client.CoreV1Api);
    this.#client = client;
    this.#config = config;
    this.#login = login;
    this.#server = config.getCurrentCluster()?.server ?? '';
  }

  /** Unix seconds of the cluster's clock, as far as it is known. */
  nowSeconds(): number {
    return this.#requests.nowSeconds();
  }

  /** Every pod, or those with these labels. */
  listPods(selector: string | null, signal: AbortSignal): Promise<readonly V1Pod[]> {
    return listAll(this.#call('list', 'pods'), {
      readPage: (from) => this.#listPage(selector, from, signal),
      keep: (pod) => pod,
    });
  }

  /** Null: there is none of this name. */
  async readPod(name: string, signal: AbortSignal): Promise<V1Pod | null> {
    const param = { name, namespace: this.namespace };
    try {
      return await this.#requests.ask(this.#call('get', 'pods'), signal, (options) =>
        this.#core.readNamespacedPod(param, options),
      );
    } catch (error) {
      if (error instanceof KubernetesApiError && error.isNotFound) return null;
      throw error;
    }
  }

  /** Adds an ephemeral container. Adding the same one a second time changes nothing. */
  addContainer(name: string, container: V1EphemeralContainer, signal: AbortSignal): Promise<V1Pod> {
    const body = { spec: { ephemeralContainers: [container] } };
    const param = { name, namespace: this.namespace, body, fieldManager: 'netwatch' };
    return this.#requests.ask(this.#call('patch', 'pods/ephemeralcontainers'), signal, (options) =>
      this.#core.patchNamespacedPodEphemeralcontainers(param, options),
    );
  }

  /** What a container has printed, the first 64 KiB of it. */
  readLog({ pod, container }: ContainerPlace, signal: AbortSignal): Promise<string> {
    const param = { name: pod, namespace: this.namespace, container, limitBytes: MAX_LOG_BYTES };
    return this.#requests.ask(this.#call('get', 'pods/log'), signal, (options) =>
      this.#core.readNamespacedPodLog(param, options),
    );
  }

  /** Executes a command in a container. @returns why it failed, null when it did not */
  execute(place: ContainerPlace, command: readonly string[], signal: AbortSignal): Promise<CommandProblem> {
    const call = this.#call('get', 'pods/exec');
    const [client, config, timeoutMs] = [this.#client, this.#config, REQUEST_TIMEOUT_MS];
    return execCommand({ client, config, call, namespace: this.namespace, ...place, command, timeoutMs, signal });
  }

  close(): Promise<void> {
    return this.#requests.close();
  }

  #listPage(selector: string | null, from: string | undefined, signal: AbortSignal): Promise<V1PodList> {
    const labels = selector === null ? {} : { labelSelector: selector };
    const page = from === undefined ? {} : { _continue: from };
    const param = { namespace: this.namespace, limit: PAGE_LENGTH, ...labels, ...page };
    return this.#requests.ask(this.#call('list', 'pods'), signal, (options) =>
      this.#core.listNamespacedPod(param, options),
    );
  }

  #call(verb: ApiCall['verb'], resource: string): ApiCall {
    const [namespace, server, login] = [this.namespace, this.#server, this.#login];
    return { verb, resource, namespace, server, login, role: roleText(namespace) };
  }
}
