import { useEffect, useRef } from 'preact/hooks';
import { ChaosPanel } from './chaos/chaos-panel.tsx';
import { closeChaos } from './chaos/open-panel.ts';
import { EventsView } from './events/events-view.tsx';
import { HouseView } from './house/house-view.tsx';
import { IncidentsView } from './incidents/incidents-view.tsx';
import { Nowhere } from './house/nowhere.tsx';
import { DropTarget } from './replay/drop-target.tsx';
import { ReplayPage } from './replay/replay-page.tsx';
import { ServerView } from './server/server-view.tsx';
import { ConnectionBanner } from './shell/connection-banner.tsx';
import { Header } from './shell/header.tsx';
import { PageTitle } from './shell/page-title.ts';
import { useConnection } from './store/hooks.ts';
import { closeView, useQueryParameter, useView } from './store/navigation.ts';
import { pathOfView, type View } from './store/view.ts';

/** The whole page. */
export function App() {
  const view = useView();
  const connection = useConnection();
  useEscape(view);
  useFocusOnView(view);
  const isChaosOpen = useQueryParameter('chaos')[0] === '1';
  const isRecording = view.kind === 'replay';
  const isStale = !isRecording && (connection.kind === 'lost' || connection.kind === 'refused');
  return (
    <>
      <PageTitle />
      <Header view={view} />
      <ConnectionBanner isRecording={isRecording} />
      <DropTarget />
      <div class={isChaosOpen ? 'page with-chaos' : 'page'}>
        {isChaosOpen && <ChaosPanel lookedAt={view.kind === 'server' ? view : null} />}
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
  if (view.kind === 'nowhere') return <Nowhere view={view} />;
  if (view.kind === 'replay') return <ReplayPage />;
  if (view.kind === 'incidents') return <IncidentsView />;
  return view.kind === 'events' ? <EventsView /> : <HouseView />;
}

/** What had the focus is gone with the view it was in: the keyboard goes on from the new one, and a screen reader reads it. */
function useFocusOnView(view: View): void {
  const path = pathOfView(view);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true });
  }, [path]);
}

/** What Esc means something else to; a slider it means nothing to. */
const FIELDS = 'input:not([type="range"]), select, textarea, dialog';

/** Esc closes what is nearest: a field, a menu or the chaos panel take it first, then the view; in the house the panel. */
function useEscape({ kind }: View): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isInField = event.target instanceof Element && event.target.closest(FIELDS);
      if (event.key === 'Escape' && !event.defaultPrevented && !isInField)
        (kind === 'house' ? closeChaos : closeView)();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [kind]);
}
