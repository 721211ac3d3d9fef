import { type Answer, refusal } from './kubernetes-answers.ts';

const NAMESPACE = 'netwatch';
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases`;
/** What the double understands of a request's query. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  'get nodes': [],
  'list leases': ['labelSelector', 'limit', 'continue'],
  'create leases': ['fieldManager'],
  'delete leases': [],
};

/** What a request asks, as `create leases`, and of which object; `GET unknown` where it is nothing that there is. */
export function accessOf(method: string, pathname: string): { access: string; name: string } {
  const [, node] = /^GET \/api\/v1\/nodes\/([^/]+)$/.exec(`${method} ${pathname}`) ?? [];
  if (node !== undefined) return { access: 'get nodes', name: node };
  if (method === 'GET' && pathname === LEASES) return { access: 'list leases', name: '' };
  if (method === 'POST' && pathname === LEASES) return { access: 'create leases', name: '' };
  if (method === 'DELETE' && pathname.startsWith(`${LEASES}/`)) {
    return { access: 'delete leases', name: pathname.slice(LEASES.length + 1) };
  }
  return { access: `${method} unknown`, name: '' };
}

/** Whether it is something that placement may ask, with nothing in its query that nobody here understands. */
export function isKnown(access: string, query: URLSearchParams): boolean {
  const keys = QUERIES[access];
  return keys !== undefined && [...query.keys()].every((key) => keys.includes(key));
}

/** The answer to a login that may not do this. */
export function forbidden(access: string): Answer {
  const [verb, resource = ''] = access.split(' ');
  const [group, scope] =
    resource === 'nodes' ? ['', 'at the cluster scope'] : ['coordination.k8s.io', `in the namespace "${NAMESPACE}"`];
  const user = 'User "system:serviceaccount:netwatch:agent"';
  return refusal(
    403,
    `it is forbidden: ${user} cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`,
  );
}
