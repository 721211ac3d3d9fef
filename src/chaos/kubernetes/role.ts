/** A rule of a Kubernetes Role, all in the core API group. */
interface RoleRule {
  readonly resource: string;
  readonly verbs: readonly string[];
}

/**
 * All that chaos asks of an API server, and so the least a Role for it needs. An exec over a WebSocket begins with a
 * GET: it needs `get`, and from Kubernetes 1.35 on `create` as well.
 */
const CHAOS_RULES: readonly RoleRule[] = [
  { resource: 'pods', verbs: ['get', 'list'] },
  { resource: 'pods/ephemeralcontainers', verbs: ['patch'] },
  { resource: 'pods/log', verbs: ['get'] },
  { resource: 'pods/exec', verbs: ['get', 'create'] },
];

/** The Role that chaos needs, as YAML to hand to whoever runs the cluster. */
export function roleText(namespace: string): string {
  const rules = CHAOS_RULES.map(
    ({ resource, verbs }) => `  - { apiGroups: [""], resources: [${resource}], verbs: [${verbs.join(', ')}] }`,
  );
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: Role',
    `metadata: { name: netwatch-chaos, namespace: ${namespace} }`,
    'rules:',
    ...rules,
  ].join('\n');
}
