/** What the page shows. The rest of its state, filters and the like, is in the query. */
export type View =
  | { readonly kind: 'house' }
  | { readonly kind: 'server'; readonly rackId: number; readonly serverId: number }
  | { readonly kind: 'events' }
  | { readonly kind: 'incidents' }
  /** A recording; which one is in the query, or in a file that only this page has. */
  | { readonly kind: 'replay' }
  /** Nothing is at this path; `rackId` where it is that of a rack alone, null where nobody knows what was meant. */
  | { readonly kind: 'nowhere'; readonly path: string; readonly rackId: number | null };

const SERVER_PATH = /^\/racks\/(\d{1,5})\/servers\/(\d{1,5})\/?$/;
const NAMED_PATH = /^\/(events|incidents|replay)\/?$/;
const RACK_PATH = /^\/racks\/(\d{1,5})\/?$/;

/** The view of a URL's path. */
export function viewOfPath(path: string): View {
  const [, rack, server] = SERVER_PATH.exec(path) ?? [];
  if (rack !== undefined && server !== undefined) {
    return { kind: 'server', rackId: Number(rack), serverId: Number(server) };
  }
  if (path === '/') return { kind: 'house' };
  const [, named] = NAMED_PATH.exec(path) ?? [];
  if (named === 'events' || named === 'incidents' || named === 'replay') return { kind: named };
  const [, only] = RACK_PATH.exec(path) ?? [];
  return { kind: 'nowhere', path, rackId: only === undefined ? null : Number(only) };
}

/** The path of a view. */
export function pathOfView(view: View): string {
  if (view.kind === 'server') return `/racks/${view.rackId}/servers/${view.serverId}`;
  if (view.kind === 'nowhere') return view.path;
  return view.kind === 'house' ? '/' : `/${view.kind}`;
}
