import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

/** An object of a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
}

const ROOT = new URL('../../k8s/', import.meta.url);

/** Overlays that stand alone, and those that go beside them. */
export const OVERLAYS = ['lab', 'nodes', 'monitoring-operator', 'gateway', 'chaos'] as const;

/** What must be there to render; null when it is. */
export function kustomizeLacking(): string | null {
  const found = spawnSync('kubectl', ['kustomize', '--help']).error === undefined;
  return found ? null : 'kubectl not installed (Debian: kubernetes-client)';
}

/** Where it is sure to be there, nothing may be passed over. */
export const skipWithoutKustomize: string | false = process.env.CI ? false : (kustomizeLacking() ?? false);

const RENDERED = new Map<string, readonly Manifest[]>();

/**
 * What `kubectl apply -k k8s/PATH` would apply; it is rendered once for all who ask.
 * @throws Error with what kubectl says against it
 */
export function rendered(path: string): readonly Manifest[] {
  const manifests = RENDERED.get(path) ?? render(path);
  RENDERED.set(path, manifests);
  return manifests;
}

function render(path: string): readonly Manifest[] {
  const directory = fileURLToPath(new URL(path, ROOT));
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', directory], {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  if (status !== 0) throw new Error(`k8s/${path} cannot be rendered: ${stderr}`);
  return parseAllDocuments(stdout).map((document) => {
    if (document.errors.length > 0) throw new Error(`k8s/${path}: ${document.errors[0]?.message}`);
    return document.toJS() as Manifest;
  });
}

/** An object whose kind is known. */
export interface OfKind<S> extends Manifest {
  readonly spec: S;
  readonly rules?: unknown;
}

/** The objects of a kind. */
export function ofKind<S>(manifests: readonly Manifest[], kind: string): readonly OfKind<S>[] {
  return manifests.filter((manifest) => manifest.kind === kind) as readonly OfKind<S>[];
}
