import { useEffect } from 'preact/hooks';
import { HouseView } from './house/house-view.tsx';
import { ConnectionBanner } from './shell/connection-banner.tsx';
import { Header } from './shell/header.tsx';
import { useTitle } from './shell/use-title.ts';
import { useConnection } from './store/hooks.ts';
import { closeView, useView } from './store/navigation.ts';

/** The whole page. */
export function App() {
  const view = useView();
  const connection = useConnection();
  useTitle();
  useEscape();
  const isStale = connection.kind === 'lost' || connection.kind === 'refused';
  return (
    <>
      <Header view={view} />
      <ConnectionBanner />
      <main class={isStale ? 'page is-stale' : 'page'}>{view.kind === 'house' && <HouseView />}</main>
    </>
  );
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
