import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RackFault, RackHealth } from '../../core/verdict.ts';
import { isGrave } from '../words/fault-order.ts';
import { worstOf } from '../words/finding.ts';
import { timeWords } from '../words/number-words.ts';
import { rackScoreWords } from '../words/state-words.ts';
import { Mark } from '../status/mark.tsx';
import { isIll, markOfGroup, shownStatus } from '../status/shown-status.ts';
import type { HouseLayout } from './house-layout.ts';
import { RackFaults } from './rack-faults.tsx';
import { ServerCell } from './server-cell.tsx';

/** How far above and below the screen cells are made, so that none is missing while it is scrolled. */
const NEAR_MARGIN = '600px 0px';
/** Always the same: cells of a rack that has none are not drawn anew with each report. */
const NO_FAULTS: readonly RackFault[] = [];

/** A rack: its score, and a cell a server. */
export function RackPanel(of: {
  readonly rack: RackHealth;
  readonly layout: HouseLayout;
  /** The server whose cell the tab key reaches; null: none of this rack. */
  readonly tabStop: number | null;
  /** Cells are made only while the panel is near to what is seen. */
  readonly isLazy: boolean;
}) {
  const { rack, layout, tabStop, isLazy } = of;
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
      <div
        class="cells"
        style={`--across: ${layout.cellsAcross}; --lines: ${Math.ceil(servers.length / layout.cellsAcross)}`}
      >
        {cells}
      </div>
    </section>
  );
}

function RackHead({ rack, id }: { readonly rack: RackHealth; readonly id: string }) {
  const ill = rack.servers.filter((verdict) => isIll(verdict.status)).length;
  const own = rack.faults.filter(isGrave).map(({ severity }) => (severity === 'info' ? 'healthy' : severity));
  // A score that hardly fell does not make a rack healthy that has a fault of its own.
  const mark = own.length === 0 ? markOfGroup(rack.status) : worstOf([markOfGroup(rack.status), ...own]);
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
