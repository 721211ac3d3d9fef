import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RackFault, RackHealth } from '../../core/verdict.ts';
import { timeWords } from '../words/number-words.ts';
import { rackScoreWords } from '../words/state-words.ts';
import { Mark } from '../status/mark.tsx';
import { isIll, markOfGroup, shownStatus } from '../status/shown-status.ts';
import type { HouseLayout } from './house-layout.ts';
import { markOfRack } from './rack-mark.ts';
import { RackFaults } from './rack-faults.tsx';
import { ServerCell } from './server-cell.tsx';

/** How far above and below the screen cells are made, so that none is missing while it is scrolled. */
const NEAR_MARGIN = '600px 0px';
/** Always the same: cells of a rack that has none are not drawn anew with each report. */
const NO_FAULTS: readonly RackFault[] = [];

interface RackPanelProps {
  readonly rack: RackHealth;
  readonly layout: HouseLayout;
  /** The server whose cell the tab key reaches; null: none of this rack. */
  readonly tabStop: number | null;
  /** Cells are made only while the panel is near to what is seen. */
  readonly isLazy: boolean;
}

/** A rack: its score, what it has itself, and a cell a server. */
export function RackPanel({ rack, layout, tabStop, isLazy }: RackPanelProps) {
  const { servers, status } = rack;
  const isSilent = status === 'silent';
  const faults = rack.faults.length === 0 ? NO_FAULTS : rack.faults;
  const box = useRef<HTMLElement>(null);
  const isNear = useIsNear(box, isLazy);
  const isDrawn = !isLazy || isNear || tabStop !== null;
  // A rack reports every second, and seldom does a cell change: what stays the same is not compared again.
  const cells = useMemo(
    () =>
      isDrawn &&
      servers.map((verdict) => (
        <ServerCell
          key={verdict.server_id}
          verdict={verdict}
          rackFaults={faults}
          status={shownStatus({ status: isSilent ? 'silent' : 'healthy' }, verdict)}
          density={layout.density}
          isTabStop={verdict.server_id === tabStop}
        />
      )),
    [servers, faults, isSilent, layout.density, tabStop, isDrawn],
  );
  const id = `rack-${rack.rack_id}`;
  return (
    <section ref={box} class="rack" data-status={status} aria-labelledby={id}>
      <RackHead rack={rack} id={id} />
      <RackFaults faults={faults} serverCount={servers.length} />
      <div class="cells" style={cellsStyle(layout, servers.length)}>
        {cells}
      </div>
    </section>
  );
}

function cellsStyle({ cellsAcross }: HouseLayout, serverCount: number): string {
  return `--across: ${cellsAcross}; --lines: ${Math.ceil(serverCount / cellsAcross)}`;
}

function RackHead({ rack, id }: { readonly rack: RackHealth; readonly id: string }) {
  const ill = rack.servers.filter((verdict) => isIll(verdict.status)).length;
  const mark = markOfRack(rack);
  return (
    <header>
      <h3 id={id}>Rack {rack.rack_id}</h3>
      <span class="rack-note">{noteOf(rack, ill)}</span>
      <span class="rack-score">{rackScoreWords(rack)}</span>
      <Mark status={mark} />
      <span class="visually-hidden">{mark === markOfGroup(rack.status) ? rack.status : mark}</span>
    </header>
  );
}

function noteOf(rack: RackHealth, ill: number): string {
  if (rack.status === 'silent') {
    return rack.last_report === null ? 'never reported' : `silent since ${timeWords(rack.last_report)}`;
  }
  return ill === 0 ? '' : `${ill} ill`;
}

/** Whether an element is seen or nearly so; for one that is not lazy it is not asked. */
function useIsNear(box: { readonly current: HTMLElement | null }, isLazy: boolean): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (!isLazy || box.current === null) return undefined;
    const take = (entries: readonly IntersectionObserverEntry[]) => setNear(entries.at(-1)?.isIntersecting ?? false);
    const observer = new IntersectionObserver(take, { rootMargin: NEAR_MARGIN });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box, isLazy]);
  return isNear;
}
