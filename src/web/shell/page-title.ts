import { useEffect } from 'preact/hooks';
import { countStatuses } from '../status/shown-status.ts';
import { verdictOf } from '../store/health-model.ts';
import { useConnection, useHealth } from '../store/hooks.ts';
import { useView } from '../store/navigation.ts';
import { titleWords } from '../words/title-words.ts';

/**
 * The title of the tab says how it stands, and what it shows. Shows nothing in the page itself, and is a component of its
 * own because it is drawn with every change of health, which the page around it is not.
 */
export function PageTitle(): null {
  const health = useHealth();
  const view = useView();
  const isLost = useConnection().kind === 'lost';
  const counts = countStatuses(health?.tree.racks ?? []);
  const ill = counts.warning + counts.critical + counts.silent;
  const verdict = view.kind === 'server' ? verdictOf(health, view.rackId, view.serverId) : null;
  const datacenter = health?.tree.dc_id ?? null;
  const title = titleWords({ view, serverName: verdict?.name ?? null, isLost, ill, datacenter });
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
