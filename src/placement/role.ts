/** What placement does with Leases, and so the least that a Role for it needs. */
const LEASE_VERBS = ['list', 'create', 'delete'] as const;

/** The Role and the ClusterRole that placement needs, as YAML to hand to whoever runs the cluster. */
export function placementRoleText(namespace: string): string {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: Role',
    `metadata: { name: netwatch-placement, namespace: ${namespace} }`,
    'rules:',
    `  - { apiGroups: [coordination.k8s.io], resources: [leases], verbs: [${LEASE_VERBS.join(', ')}] }`,
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    'metadata: { name: netwatch-placement }',
    'rules:',
    '  - { apiGroups: [""], resources: [nodes], verbs: [get] }',
  ].join('\n');
}
