import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.ts';

/** The value of a store; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, draw] = useState(0);
  useEffect(() => {
    const seen = store.value;
    const redraw = () => draw((count) => count + 1);
    const unsubscribe = store.subscribe(redraw);
    // It may have changed between the first drawing and this subscription.
    if (!Object.is(seen, store.value)) redraw();
    return unsubscribe;
  }, [store]);
  return store.value;
}
