import { Store } from './store.ts';
import { useStore } from './use-store.ts';
import { pathOfView, viewOfPath, type View } from './view.ts';

/** Where the page is; another object after every step. It is what holds: the address follows. */
const place = new Store({ view: viewOfPath(location.pathname), query: location.search });

window.addEventListener('popstate', update);

/** What the page shows now. */
export function useView(): View {
  return useStore(place).view;
}

/** Parameters that stay from view to view: what is open beside them. */
const KEPT_PARAMETERS = ['chaos'];

/**
 * Shows another view, as a step that the browser's back button undoes.
 * @param query parameters of the new view; left out: none
 */
export function navigate(view: View, query: Readonly<Record<string, string>> = {}): void {
  const parameters = new URLSearchParams(query);
  const before = new URLSearchParams(place.value.query);
  for (const name of KEPT_PARAMETERS) {
    const value = before.get(name);
    if (value !== null && !parameters.has(name)) parameters.set(name, value);
  }
  const isOther = pathOfView(view) !== pathOfView(place.value.view);
  history.pushState({ isStep: true }, '', pathOfView(view) + queryText(parameters));
  update();
  // Another view begins at its top; going back, the browser knows where one was.
  if (isOther) window.scrollTo(0, 0);
}

/** Back to the house, with the server that was shown as the one to go on from. */
export function closeView(): void {
  const { view } = place.value;
  if (view.kind === 'house') return;
  // What was opened from the house is closed by going back: filter and place are as they were.
  if (isStep(history.state)) return history.back();
  navigate({ kind: 'house' }, view.kind === 'server' ? { at: `${view.rackId}/${view.serverId}` } : {});
}

/** A parameter of the query and a function that changes it; null and '' remove it. Changes are no steps of their own. */
export function useQueryParameter(name: string): readonly [string | null, (value: string | null) => void] {
  const { query } = useStore(place);
  return [new URLSearchParams(query).get(name), (value) => setQueryParameter(name, value)];
}

/** Changes one parameter of the query; null and '' remove it. */
export function setQueryParameter(name: string, value: string | null): void {
  const { view, query } = place.value;
  const parameters = new URLSearchParams(query);
  if ((parameters.get(name) ?? '') === (value ?? '')) return;
  if (value === null || value === '') parameters.delete(name);
  else parameters.set(name, value);
  place.set({ view, query: queryText(parameters) });
  try {
    history.replaceState(history.state, '', location.pathname + place.value.query);
  } catch {
    // A browser lets the address change only so often, as when an arrow key is held: the next change brings it along.
  }
}

function update(): void {
  place.set({ view: viewOfPath(location.pathname), query: location.search });
}

function isStep(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'isStep' in state;
}

function queryText(parameters: URLSearchParams): string {
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
