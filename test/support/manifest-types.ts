import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from './kustomize.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
/** Packages with a model of each kind, by the API groups that they have. */
const CUSTOM: Readonly<Record<string, string>> = {
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

interface Model {
  validate(): void;
}

/** The module with the model of a kind: `kubernetes-models/apps/v1/Deployment`. */
function moduleOf({ apiVersion, kind }: Manifest): string {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return `${CUSTOM[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
}

/** What the published schema of its kind says against an object: types, values, what is required. */
export async function schemaProblem(manifest: Manifest): Promise<string | null> {
  const models = (await import(moduleOf(manifest))) as Readonly<Record<string, new (data: object) => Model>>;
  const KindModel = models[manifest.kind];
  if (KindModel === undefined) return `${manifest.kind}: there is no such kind`;
  try {
    new KindModel(manifest).validate();
    return null;
  } catch (error) {
    return `${manifest.kind} ${manifest.metadata.name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Fields that the kind of an object does not have, which a schema lets pass and a cluster drops: each object is written
 * down as a literal of its kind's type, and the compiler looks for what is too much.
 * @returns what the compiler says; empty when all is well
 */
export async function unknownFields(manifests: readonly Manifest[]): Promise<string> {
  // Inside the project, so that the packages are found.
  const directory = await mkdtemp(join(PROJECT, 'node_modules', '.manifests-'));
  try {
    const file = join(directory, 'manifests.ts');
    const literals = manifests.map((manifest, i) => {
      const type = `import('${moduleOf(manifest)}').I${manifest.kind}`;
      return `export const object${i}: ${type} = ${JSON.stringify(manifest, null, 1)};\n`;
    });
    await writeFile(file, literals.join('\n'));
    const compiler = join(PROJECT, 'node_modules', '.bin', 'tsc');
    if (!existsSync(compiler)) throw new Error('there is no TypeScript: npm ci');
    const flags = [
      '--noEmit',
      '--ignoreConfig',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2024',
    ];
    const { status, stdout, stderr } = spawnSync(compiler, [...flags, file], { encoding: 'utf8' });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
