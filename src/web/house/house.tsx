import './racks.css';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RackHealth } from '../../core/verdict.ts';
import { isPlainClick } from '../store/link.tsx';
import { navigate, setQueryParameter, useQueryParameter } from '../store/navigation.ts';
import { viewOfPath } from '../store/view.ts';
import {
  layoutHouse,
  nextCell,
  type CellPlace,
  type Density,
  type Direction,
  type HouseLayout,
} from './house-layout.ts';
import { RackPanel } from './rack-panel.tsx';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** So many panels are made at once, seen or not. */
const MOST_EAGER = 24;

/** The racks side by side. Arrows move between cells, Enter opens one. */
export function House(of: {
  readonly racks: readonly RackHealth[];
  /** Servers of each rack of the whole house: a filter does not change how it is laid out. */
  readonly allCounts: readonly number[];
  readonly wanted: Density | null;
}) {
  const { racks, allCounts, wanted } = of;
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  const largestRack = Math.max(1, ...racks.map(({ servers }) => servers.length));
  const layout = layoutHouse({ counts: allCounts, largestRack, widthPx, wanted });
  const [at] = useQueryParameter('at');
  const stop = placeOf(racks, at) ?? { rack: racks.findIndex(({ servers }) => servers.length > 0), server: 0 };
  const focusNext = useRef<string | null>(null);
  // At once, not after the next paint: the next key goes on from here.
  useLayoutEffect(() => {
    if (focusNext.current === null) return;
    focusCell(focusNext.current);
    focusNext.current = null;
  });
  useFocusOnReturn(box, at);
  return (
    <div
      ref={box}
      class="racks"
      data-density={layout.density}
      style={`--panels: ${layout.panelsAcross}`}
      onKeyDown={(event) => {
        const to = cellAfter(event, racks, layout);
        if (to === null) return;
        event.preventDefault();
        // The cell may not be made before it is the one to go on from.
        focusNext.current = to;
        setQueryParameter('at', to);
      }}
      onClick={openCell}
      onFocusIn={({ target }) => {
        const place = target instanceof Element ? target.closest('.cell')?.getAttribute('data-at') : null;
        if (place !== null && place !== undefined) setQueryParameter('at', place);
      }}
    >
      {widthPx > 0 &&
        racks.map((rack, index) => (
          <RackPanel
            key={rack.rack_id}
            rack={rack}
            layout={layout}
            isLazy={layout.density === 'tiles' && racks.length > MOST_EAGER}
            tabStop={index === stop.rack ? (rack.servers[stop.server]?.server_id ?? null) : null}
          />
        ))}
      {racks.length === 0 && <p class="quiet">No server matches the filter.</p>}
    </div>
  );
}

/** The cell that a key leads to, as `2/5`; null for another key. */
function cellAfter(event: KeyboardEvent, racks: readonly RackHealth[], layout: HouseLayout): string | null {
  const cell = event.target instanceof Element ? event.target.closest('.cell') : null;
  const direction = DIRECTIONS[event.key];
  const from = placeOf(racks, cell?.getAttribute('data-at') ?? null);
  if (direction === undefined || from === null || event.altKey || event.ctrlKey || event.metaKey) return null;
  const to = nextCell(from, direction, { counts: racks.map(({ servers }) => servers.length), layout });
  const rack = racks[to.rack];
  const server = rack?.servers[to.server];
  return rack === undefined || server === undefined ? null : `${rack.rack_id}/${server.server_id}`;
}

function openCell(event: MouseEvent): void {
  const cell = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a.cell') : null;
  if (cell === null || !isPlainClick(event)) return;
  event.preventDefault();
  navigate(viewOfPath(cell.pathname));
}

function focusCell(at: string): void {
  document.querySelector<HTMLElement>(`.cell[data-at="${CSS.escape(at)}"]`)?.focus();
}

/** Where the cell `2/5` is among those shown; null when it is not. */
function placeOf(racks: readonly RackHealth[], at: string | null): CellPlace | null {
  const [, rackId, serverId] = /^(\d+)\/(\d+)$/.exec(at ?? '') ?? [];
  const rack = racks.findIndex(({ rack_id: id }) => id === Number(rackId));
  const server = racks[rack]?.servers.findIndex(({ server_id: id }) => id === Number(serverId)) ?? -1;
  return server < 0 ? null : { rack, server };
}

/** The width of an element in px, 0 before it is known. */
function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}

/** Who comes back from a server goes on from its cell. */
function useFocusOnReturn(box: { readonly current: HTMLElement | null }, at: string | null): void {
  const isDone = useRef(at === null);
  useEffect(() => {
    if (isDone.current || at === null || box.current?.querySelector('.cell') === null) return;
    isDone.current = true;
    // Nothing has it, or only the view as a whole.
    if (document.activeElement?.contains(box.current) === true) focusCell(at);
  });
}
