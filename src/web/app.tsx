import { useConnection, useHealth } from './store/hooks.ts';
import { useView } from './store/navigation.ts';

/** The whole page. */
export function App() {
  const view = useView();
  const health = useHealth();
  const connection = useConnection();
  return (
    <main>
      <h1>NetWatch</h1>
      <p>
        {connection.kind} {view.kind} {health?.tree.health_score}
      </p>
    </main>
  );
}
