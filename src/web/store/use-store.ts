import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.ts';

/** The value of a store; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, draw] = useState(0);
  const drawn = store.value;
  useEffect(() => {
    const redraw = () => draw((count) => count + 1);
    const unsubscribe = store.subscribe(redraw);
    // It may have changed between the drawing that this follows and the subscription.
    if (!Object.is(drawn, store.value)) redraw();
    return unsubscribe;
  }, [store]);
  return drawn;
}
