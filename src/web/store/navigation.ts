import { Store } from './store.ts';
import { useStore } from './use-store.ts';
import { pathOfView, viewOfPath, type View } from './view.ts';

/** Where the page is; another object after every step. */
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
  const before = new URLSearchParams(location.search);
  for (const name of KEPT_PARAMETERS) {
    const value = before.get(name);
    if (value !== null && !parameters.has(name)) parameters.set(name, value);
  }
  history.pushState({ isStep: true }, '', pathOfView(view) + queryText(parameters));
  update();
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
  const parameters = new URLSearchParams(location.search);
  if (value === null || value === '') parameters.delete(name);
  else parameters.set(name, value);
  history.replaceState(history.state, '', location.pathname + queryText(parameters));
  update();
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
