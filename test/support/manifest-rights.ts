import type { RbacV1Subject, V1PolicyRule, V1RoleRef } from '@kubernetes/client-node';
import type { Manifest } from './kustomize.ts';

interface RoleObject extends Manifest {
  readonly rules?: readonly V1PolicyRule[];
}

interface Binding extends Manifest {
  readonly roleRef: V1RoleRef;
  readonly subjects?: readonly RbacV1Subject[];
}

/**
 * Who may do what where, a line for each rule that is bound to somebody: `agent may get nodes everywhere`. Who or what is
 * not an object of these manifests is given with its kind.
 */
export function rights(manifests: readonly Manifest[]): readonly string[] {
  const bindings = manifests.filter(isBinding);
  return bindings
    .flatMap((binding) => {
      const { roleRef, subjects = [], metadata } = binding;
      const where = binding.kind === 'ClusterRoleBinding' ? 'everywhere' : `in ${metadata.namespace}`;
      const role = roleOf(manifests, binding);
      const rules = role?.rules ?? [];
      const actions = role === undefined ? [`be ${roleRef.kind} ${roleRef.name}`] : rules.map(actionText);
      return subjects.flatMap((subject) =>
        actions.map((action) => `${subjectText(manifests, subject)} may ${action} ${where}`),
      );
    })
    .toSorted();
}

/** The role that a binding gives; undefined when it is none of these manifests. */
export function roleOf(manifests: readonly Manifest[], { roleRef, metadata }: Binding): RoleObject | undefined {
  return (manifests as readonly RoleObject[]).find(
    (one) =>
      one.apiVersion === `${roleRef.apiGroup}/v1` &&
      one.kind === roleRef.kind &&
      one.metadata.name === roleRef.name &&
      (roleRef.kind === 'ClusterRole' || one.metadata.namespace === metadata.namespace),
  );
}

/** Roles that nobody has. */
export function unboundRoles(manifests: readonly Manifest[]): readonly string[] {
  const bindings = manifests.filter(isBinding);
  const bound = new Set(bindings.map((binding) => roleOf(manifests, binding)));
  return (manifests as readonly RoleObject[])
    .filter((one) => /^(?:Cluster)?Role$/.test(one.kind) && !bound.has(one))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

function isBinding(manifest: Manifest): manifest is Binding {
  return manifest.kind.endsWith('RoleBinding');
}

function actionText({ apiGroups = [], resources = [], resourceNames = [], verbs, nonResourceURLs = [] }: V1PolicyRule) {
  const group = apiGroups.map((name) => (name === '' ? '' : `.${name}`)).join('|');
  const names = resourceNames.length === 0 ? '' : ` named ${resourceNames.join(',')}`;
  return `${verbs.join(',')} ${[...resources, ...nonResourceURLs].join(',')}${group}${names}`;
}

function subjectText(manifests: readonly Manifest[], subject: RbacV1Subject): string {
  const isHere = manifests.some(
    ({ kind, metadata }) =>
      kind === 'ServiceAccount' &&
      kind === subject.kind &&
      metadata.name === subject.name &&
      metadata.namespace === subject.namespace,
  );
  return isHere ? subject.name : `${subject.kind} ${subject.namespace ?? 'without a namespace'}/${subject.name}`;
}
