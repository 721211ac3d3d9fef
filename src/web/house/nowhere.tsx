import './nothing-yet.css';
import { useHealth } from '../store/hooks.ts';
import { Link } from '../store/link.tsx';
import type { View } from '../store/view.ts';
import { nowhereWords } from '../words/nowhere-words.ts';

/** An address at which nothing is: what may have been meant, and the way to it. */
export function Nowhere({ view }: { readonly view: Extract<View, { kind: 'nowhere' }> }) {
  const racks = useHealth()?.tree.racks;
  const { rackId } = view;
  const isRack = rackId !== null && racks?.some(({ rack_id: id }) => id === rackId) === true;
  return (
    <section class="nothing">
      <h1>{nowhereWords(view, racks?.map(({ rack_id: id }) => id) ?? null)}</h1>
      <p>A server is at /racks/RACK/servers/SERVER, with their ids as numbers; a rack is part of the house.</p>
      <p>
        {isRack && (
          <>
            <Link to={{ kind: 'house' }} query={{ q: `rack ${rackId}` }}>
              Rack {rackId} in the house
            </Link>
            {' · '}
          </>
        )}
        <Link to={{ kind: 'house' }}>The whole house</Link>
      </p>
    </section>
  );
}
