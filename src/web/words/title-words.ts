import type { View } from '../store/view.ts';
import { serverWords } from './server-words.ts';

/** What the title of the tab is made of. */
export interface TitleFacts {
  readonly view: View;
  /** Of the server that is shown; null where it has none, or none is shown. */
  readonly serverName: string | null;
  readonly isLost: boolean;
  /** How many servers are ill. */
  readonly ill: number;
  /** Null while nothing is known. */
  readonly datacenter: string | null;
}

/** The title of the tab, what matters most first: `3 ill · Rack 2, server 5 (db-17) · dc0 · NetWatch`. */
export function titleWords({ view, serverName, isLost, ill, datacenter }: TitleFacts): string {
  // What is recorded is not how it stands now.
  if (view.kind === 'replay') return 'Recording · NetWatch';
  const facts = [isLost ? 'lost' : ill > 0 ? `${ill} ill` : null, viewWords(view, serverName), datacenter, 'NetWatch'];
  return facts.filter((fact) => fact !== null).join(' · ');
}

/** The house is what the page is of: it needs no name. */
function viewWords(view: View, serverName: string | null): string | null {
  if (view.kind === 'server') return serverWords(view.rackId, view.serverId, serverName);
  if (view.kind === 'nowhere') return 'Nothing here';
  if (view.kind === 'incidents') return 'Incidents';
  return view.kind === 'events' ? 'Events' : null;
}
