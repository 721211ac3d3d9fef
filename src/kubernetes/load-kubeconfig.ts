import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type * as ClientLibrary from '@kubernetes/client-node';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import { messageOf } from '../io/error-text.ts';
import { UserError } from '../io/user-error.ts';
import { type Login, loginName } from './login.ts';

/** The client library, which is loaded only when it is used. */
export type KubernetesClient = typeof ClientLibrary;

/** Where a kubeconfig is looked for. */
export interface KubeconfigSource {
  /** Files, with the separator of paths between them, as the variable KUBECONFIG has them; else the usual one. */
  readonly kubeconfig: string | undefined;
  /** Where ~/.kube/config is looked for. */
  readonly homeDirectory: string;
  /** Name of a context in it; null: the current one. */
  readonly context: string | null;
  /** False where whoever calls has no flag --kube-context to name it with. */
  readonly hasContextFlag?: boolean;
  /** Name of the NetworkPolicy that lets a pod of whoever calls reach the API server. */
  readonly networkPolicy?: string;
}

/** Where a pod finds its service account. */
const POD_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
/** What a kubeconfig says of itself, also one in which nothing else is. */
const IS_CONFIG = /^\s*["']?kind["']?\s*:\s*["']?Config\b/m;
const NO_KUBECONFIG =
  'it is no kubeconfig: there are neither clusters nor users nor contexts in it. Set KUBECONFIG to the file with which kubectl reaches the cluster';
/** Contexts named in an error. */
const MAX_NAMES = 10;

/**
 * Finds out which cluster is meant and how to log in there: the files of KUBECONFIG, else ~/.kube/config, else the
 * service account of the pod that this runs in.
 * @throws UserError when there is none, it cannot be read, or has no such context
 */
export function loadKubeconfig(client: KubernetesClient, source: KubeconfigSource): KubeConfig {
  const { context } = source;
  const files = kubeconfigFiles(source);
  const config = new client.KubeConfig();
  const [first, ...others] = files;
  if (first !== undefined) {
    readInto(config, first);
    for (const file of others) merge(client, config, file);
  } else if (existsSync(POD_TOKEN)) {
    config.loadFromCluster();
  } else {
    throw new UserError(noneText(source));
  }
  if (context !== null) choose(config, context);
  return checked(config, loginOf(source));
}

/** Whose login `loadKubeconfig` finds in the same source. */
export function loginOf(source: KubeconfigSource): Login {
  const { hasContextFlag = true, networkPolicy = null } = source;
  return { files: kubeconfigFiles(source), hasContextFlag, networkPolicy };
}

/** Files that are named but not there are passed over, as kubectl does, as long as one is. */
function kubeconfigFiles({ kubeconfig, homeDirectory }: KubeconfigSource): readonly string[] {
  const named = (kubeconfig ?? '').split(delimiter).filter((file) => file !== '');
  const files = named.length > 0 ? named : [join(homeDirectory, '.kube', 'config')];
  return files.filter((file) => existsSync(file));
}

function noneText({ kubeconfig, homeDirectory }: KubeconfigSource): string {
  const where = kubeconfig ? `KUBECONFIG names ${kubeconfig}` : `there is no ${join(homeDirectory, '.kube', 'config')}`;
  const missing = kubeconfig ? ', and no such file is there' : ', and KUBECONFIG names no other';
  return `no Kubernetes cluster is known: ${where}${missing}. Set KUBECONFIG to the file with which kubectl reaches the cluster.`;
}

function readInto(config: KubeConfig, file: string): void {
  try {
    config.loadFromFile(file);
  } catch (error) {
    // Of text that is no YAML the library shows the lines around, which may have a token in them.
    const why = error instanceof TypeError ? NO_KUBECONFIG : messageOf(error).split('\n', 1)[0];
    throw new UserError(`the kubeconfig ${file} cannot be used: ${why}`, { cause: error });
  }
  const isEmpty = [config.clusters, config.users, config.contexts].every(({ length }) => length === 0);
  if (isEmpty && !IS_CONFIG.test(readFileSync(file, 'utf8'))) {
    throw new UserError(`the kubeconfig ${file} cannot be used: ${NO_KUBECONFIG}`);
  }
}

/** Of two entries with one name the first counts. The current context is that of the first file that has one. */
function merge(client: KubernetesClient, config: KubeConfig, file: string): void {
  const other = new client.KubeConfig();
  readInto(other, file);
  const isNew = (known: readonly { name: string }[]) => (entry: { name: string }) =>
    known.every(({ name }) => name !== entry.name);
  config.clusters = [...config.clusters, ...other.clusters.filter(isNew(config.clusters))];
  config.users = [...config.users, ...other.users.filter(isNew(config.users))];
  config.contexts = [...config.contexts, ...other.contexts.filter(isNew(config.contexts))];
  config.currentContext ||= other.currentContext;
}

function choose(config: KubeConfig, context: string): void {
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    throw new UserError(`the kubeconfig has no context "${context}"; it has ${namesText(names)}`);
  }
  config.setCurrentContext(context);
}

function checked(config: KubeConfig, login: Login): KubeConfig {
  const cluster: Cluster | null = config.getCurrentCluster();
  const where = loginName(login);
  if (cluster === null) {
    const names = config.getContexts().map(({ name }) => name);
    const how = login.hasContextFlag
      ? 'name one of its contexts with --kube-context'
      : 'choose one of its contexts with kubectl config use-context';
    throw new UserError(`${where} says of no cluster that it is the current one; ${how}: ${namesText(names)}`);
  }
  const url = URL.parse(cluster.server);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserError(`${where} has no usable URL for the cluster ${cluster.name}: "${cluster.server}"`);
  }
  if (url.protocol === 'http:' && !cluster.skipTLSVerify) {
    throw new UserError(
      `${where} reaches the cluster ${cluster.name} without TLS (${cluster.server}); if that is meant, as with kubectl proxy, say insecure-skip-tls-verify: true of that cluster`,
    );
  }
  return config;
}

function namesText(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length <= MAX_NAMES ? names.join(', ') : `${names.slice(0, MAX_NAMES).join(', ')}, …`;
}
