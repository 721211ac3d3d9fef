/** What the page shows. The rest of its state, filters and the like, is in the query. */
export type View =
  | { readonly kind: 'house' }
  | { readonly kind: 'server'; readonly rackId: number; readonly serverId: number }
  | { readonly kind: 'events' };

const SERVER_PATH = /^\/racks\/(\d{1,5})\/servers\/(\d{1,5})\/?$/;

/** The view of a URL's path; a path nobody knows is the house. */
export function viewOfPath(path: string): View {
  const [, rack, server] = SERVER_PATH.exec(path) ?? [];
  if (rack !== undefined && server !== undefined) {
    return { kind: 'server', rackId: Number(rack), serverId: Number(server) };
  }
  return /^\/events\/?$/.test(path) ? { kind: 'events' } : { kind: 'house' };
}

/** The path of a view. */
export function pathOfView(view: View): string {
  if (view.kind === 'server') return `/racks/${view.rackId}/servers/${view.serverId}`;
  return view.kind === 'events' ? '/events' : '/';
}
