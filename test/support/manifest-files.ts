import { join } from 'node:path/posix';
import type { V1Container, V1PodSpec, V1Volume } from '@kubernetes/client-node';
import { type Manifest, ofKind } from './kustomize.ts';

interface ConfigMap extends Manifest {
  readonly data?: Readonly<Record<string, string>>;
}

interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

/** A file that a container finds. */
export interface MountedFile {
  /** `secret netwatch: udp.key` */
  readonly source: string;
  /** What is in it, where the manifests say so. */
  readonly text?: string;
}

/**
 * The files that a container's volumes bring, by path.
 * @throws Error when a volume, what it is made of or a key of it is not there
 */
export function mountedFiles(
  manifests: readonly Manifest[],
  spec: V1PodSpec,
  container: V1Container,
): ReadonlyMap<string, MountedFile> {
  return new Map(
    (container.volumeMounts ?? []).flatMap(({ name, mountPath }) =>
      filesOf(manifests, volumeOf(spec, name)).map(([path, file]) => [join(mountPath, path), file] as const),
    ),
  );
}

/** The volume that is mounted at a directory or at the nearest above it, and whether it can be written there. */
export function mountAt(spec: V1PodSpec, container: V1Container, path: string) {
  const [mount] = (container.volumeMounts ?? [])
    .filter(({ mountPath }) => `${path}/`.startsWith(`${mountPath}/`))
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length);
  if (mount === undefined) return null;
  return { volume: volumeOf(spec, mount.name), mountPath: mount.mountPath, isWritable: mount.readOnly !== true };
}

function volumeOf({ volumes = [] }: V1PodSpec, name: string): V1Volume {
  const found = volumes.find((volume) => volume.name === name);
  if (found === undefined) throw new Error(`there is no volume ${name}`);
  return found;
}

function filesOf(manifests: readonly Manifest[], volume: V1Volume): readonly [string, MountedFile][] {
  const { secret, configMap, projected, persistentVolumeClaim } = volume;
  if (persistentVolumeClaim) find(manifests, 'PersistentVolumeClaim', persistentVolumeClaim.claimName);
  const fromSecret = (secret?.items ?? []).map(({ key, path }): [string, MountedFile] => [
    path,
    { source: `secret ${secret?.secretName}: ${key}` },
  ]);
  const fromProjected = (projected?.sources ?? []).flatMap((source) => [
    ...(source.serviceAccountToken ? [plain(source.serviceAccountToken.path, 'token of the ServiceAccount')] : []),
    ...(source.downwardAPI?.items ?? []).map(({ path, fieldRef }) => plain(path, `field ${fieldRef?.fieldPath}`)),
    ...(source.configMap ? keysOf(manifests, source.configMap.name ?? '', source.configMap.items) : []),
  ]);
  const fromConfigMap = configMap ? keysOf(manifests, configMap.name ?? '', configMap.items) : [];
  return [...fromSecret, ...fromProjected, ...fromConfigMap];
}

/** The keys of a ConfigMap as files: those that are named, else all. */
function keysOf(
  manifests: readonly Manifest[],
  name: string,
  items?: readonly KeyToPath[],
): readonly [string, MountedFile][] {
  // Every namespace has this one, with the authority that signed the API server's certificate.
  if (name === 'kube-root-ca.crt')
    return (items ?? []).map(({ key, path }) => plain(path, `configMap ${name}: ${key}`));
  const { data = {} } = find(manifests, 'ConfigMap', name) as ConfigMap;
  return (items ?? Object.keys(data).map((key) => ({ key, path: key }))).map(({ key, path }) => {
    const text = data[key];
    if (text === undefined) throw new Error(`ConfigMap ${name} has no ${key}`);
    return [path, { source: `configMap ${name.replace(/-[a-z0-9]{10}$/, '')}: ${key}`, text }];
  });
}

function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = ofKind(manifests, kind).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

function plain(path: string, source: string): [string, MountedFile] {
  return [path, { source }];
}
