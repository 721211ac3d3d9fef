import './shell.css';
import iconAddress from '../icon.svg';
import { useHealth } from '../store/hooks.ts';
import { Link } from '../store/link.tsx';
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
        <a href="/docs">API</a>
      </nav>
      {datacenter !== undefined && <span class="datacenter">{datacenter}</span>}
      <ConnectionChip />
    </header>
  );
}
