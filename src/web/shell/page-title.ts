import { useEffect } from 'preact/hooks';
import { countStatuses } from '../status/shown-status.ts';
import { useConnection, useHealth } from '../store/hooks.ts';

/**
 * The title of the tab says how it stands: `3 ill · dc0 · NetWatch`. Shows nothing in the page itself, and is a component
 * of its own because it is drawn with every change of health, which the page around it is not.
 */
export function PageTitle(): null {
  const health = useHealth();
  const connection = useConnection();
  const counts = countStatuses(health?.tree.racks ?? []);
  const ill = counts.warning + counts.critical + counts.silent;
  const facts = [
    ...(connection.kind === 'lost' ? ['lost'] : ill > 0 ? [`${ill} ill`] : []),
    ...(health === null ? [] : [health.tree.dc_id]),
    'NetWatch',
  ];
  const title = facts.join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
