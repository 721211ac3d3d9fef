import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type * as ClientLibrary from '@kubernetes/client-node';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import { messageOf } from '../io/error-text.ts';
import { UserError } from '../io/user-error.ts';

/** The client library, which is loaded only when it is used. */
export type KubernetesClient = typeof ClientLibrary;

/** Where a kubeconfig is looked for. */
export interface KubeconfigSource {
  /** Files, with the separator of paths between them, as the variable KUBECONFIG has them; without any, the usual one. */
  readonly kubeconfig: string | undefined;
  /** Where ~/.kube/config is looked for. */
  readonly homeDirectory: string;
  /** Name of a context in it; null: the current one. */
  readonly context: string | null;
}

/** Where a pod finds its service account. */
const POD_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
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
  return checked(config, files);
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
    throw new UserError(`the kubeconfig ${file} cannot be used: ${messageOf(error)}`, { cause: error });
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

function checked(config: KubeConfig, files: readonly string[]): KubeConfig {
  const cluster: Cluster | null = config.getCurrentCluster();
  const where = files.length === 0 ? 'the service account of this pod' : `the kubeconfig ${files.join(', ')}`;
  if (cluster === null) {
    const names = config.getContexts().map(({ name }) => name);
    throw new UserError(
      `${where} says of no cluster that it is the current one; choose one of its contexts with kubectl config use-context, or for netwatch chaos with --kube-context: ${namesText(names)}`,
    );
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
