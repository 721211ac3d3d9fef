import './shell.css';
import { activeAt } from '../chaos/injection-words.ts';
import { closeChaos, openChaos, PANEL_ID, SWITCH_ID } from '../chaos/open-panel.ts';
import iconAddress from '../icon.svg';
import { useChaos, useHealth } from '../store/hooks.ts';
import { Link } from '../store/link.tsx';
import { useQueryParameter } from '../store/navigation.ts';
import { controllerNow } from '../store/session.ts';
import type { View } from '../store/view.ts';
import { ConnectionChip } from './connection-chip.tsx';

/** The bar at the top: where one is, where one can go, and how the page stands with the controller. */
export function Header({ view }: { readonly view: View }) {
  const datacenter = useHealth()?.tree.dc_id;
  return (
    <header class="bar">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Link class="brand" to={{ kind: 'house' }}>
        <img src={iconAddress} width="22" height="22" alt="" />
        <span>NetWatch</span>
      </Link>
      <nav aria-label="Views">
        <Link to={{ kind: 'house' }} current={view.kind === 'house'}>
          House
        </Link>
        <Link to={{ kind: 'events' }} current={view.kind === 'events'}>
          Events
        </Link>
        <Link to={{ kind: 'incidents' }} current={view.kind === 'incidents' || view.kind === 'replay'}>
          Incidents
        </Link>
        <ChaosSwitch />
        <a href="/docs">API</a>
      </nav>
      {datacenter !== undefined && <span class="datacenter">{datacenter}</span>}
      <ConnectionChip isRecording={view.kind === 'replay'} />
    </header>
  );
}

/** Opens the chaos panel beside whatever is shown; it stays open from view to view. */
function ChaosSwitch() {
  const active = activeAt(useChaos()?.injections ?? [], controllerNow()).length;
  const isOpen = useQueryParameter('chaos')[0] === '1';
  return (
    <button
      type="button"
      id={SWITCH_ID}
      aria-expanded={isOpen}
      aria-controls={isOpen ? PANEL_ID : undefined}
      onClick={isOpen ? closeChaos : openChaos}
    >
      Chaos
      {active > 0 && (
        <span class="badge" title={`${active} injected now`}>
          {active}
        </span>
      )}
    </button>
  );
}
