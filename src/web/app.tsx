import { useEffect } from 'preact/hooks';
import { ChaosPanel } from './chaos/chaos-panel.tsx';
import { EventsView } from './events/events-view.tsx';
import { HouseView } from './house/house-view.tsx';
import { ServerView } from './server/server-view.tsx';
import { ConnectionBanner } from './shell/connection-banner.tsx';
import { Header } from './shell/header.tsx';
import { useTitle } from './shell/use-title.ts';
import { useConnection } from './store/hooks.ts';
import { closeView, useQueryParameter, useView } from './store/navigation.ts';
import type { View } from './store/view.ts';

/** The whole page. */
export function App() {
  const view = useView();
  const connection = useConnection();
  useTitle();
  useEscape();
  const isChaosOpen = useQueryParameter('chaos')[0] === '1';
  const isStale = connection.kind === 'lost' || connection.kind === 'refused';
  return (
    <>
      <Header view={view} />
      <ConnectionBanner />
      <div class={isChaosOpen ? 'page with-chaos' : 'page'}>
        {isChaosOpen && <ChaosPanel target={view.kind === 'server' ? view : null} />}
        <main id="content" tabIndex={-1} class={isStale ? 'is-stale' : undefined}>
          <ViewContent view={view} />
        </main>
      </div>
    </>
  );
}

function ViewContent({ view }: { readonly view: View }) {
  if (view.kind === 'server') {
    const { rackId, serverId } = view;
    return <ServerView key={`${rackId}/${serverId}`} rackId={rackId} serverId={serverId} />;
  }
  return view.kind === 'events' ? <EventsView /> : <HouseView />;
}

/** Esc goes back to the house, unless something nearer took it: a field, a menu, a dialogue. */
function useEscape(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isInField = event.target instanceof Element && event.target.closest('input, select, textarea, dialog');
      if (event.key === 'Escape' && !event.defaultPrevented && !isInField) closeView();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
