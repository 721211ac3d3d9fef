import './house.css';
import type { RackHealth } from '../../core/verdict.ts';
import { useConnection, useEvents, useHealth } from '../store/hooks.ts';
import { setQueryParameter, useQueryParameter } from '../store/navigation.ts';
import { FilterField } from './filter-field.tsx';
import { filterRacks } from './filter.ts';
import { FindingsList } from './findings-list.tsx';
import { House } from './house.tsx';
import { houseHeightPx, type Density } from './house-layout.ts';
import { NothingYet } from './nothing-yet.tsx';
import { Recent } from './recent.tsx';
import { StateLine } from './state-line.tsx';

/** Px of racks from which on what is wrong stands beside or before them, not below. */
const LONG_PX = 640;

/** What is ill, where, since when: the first thing that is seen. */
export function HouseView() {
  const health = useHealth();
  const events = useEvents();
  const connection = useConnection();
  const [filterOrNull, setFilter] = useQueryParameter('q');
  const [densityOrNull] = useQueryParameter('cells');
  const filter = filterOrNull ?? '';
  const wanted: Density | null = densityOrNull === 'rows' || densityOrNull === 'tiles' ? densityOrNull : null;
  if (health === null) return connection.kind === 'connecting' ? <Connecting /> : null;
  if (health.tree.racks.length === 0) return <NothingYet />;
  const racks = filterRacks(health.tree.racks, filter);
  const serverCount = health.tree.racks.reduce((sum, { servers }) => sum + servers.length, 0);
  const shownCount = racks.reduce((sum, { servers }) => sum + servers.length, 0);
  const isLong = isLongHouse(health.tree.racks, wanted);
  const lower = (
    <div class="lower" key="lower">
      <FindingsList tree={health.tree} events={events} />
      <Recent health={health} events={events} />
    </div>
  );
  return (
    <>
      <h1 class="visually-hidden">House</h1>
      <StateLine health={health} filter={filter} onFilter={setFilter} />
      <div class="parts" data-long={isLong}>
        {isLong && lower}
        <section class="house" key="house" aria-label="Racks">
          <div class="house-tools">
            <h2>{health.tree.racks.length === 1 ? '1 rack' : `${health.tree.racks.length} racks`}</h2>
            <FilterField filter={filter} shownCount={shownCount} serverCount={serverCount} onFilter={setFilter} />
            <DensitySwitch wanted={wanted} />
          </div>
          <House racks={racks} allCounts={health.tree.racks.map(({ servers }) => servers.length)} wanted={wanted} />
        </section>
        {!isLong && lower}
      </div>
    </>
  );
}

/** Whether the racks fill more than about a screen. */
function isLongHouse(racks: readonly RackHealth[], wanted: Density | null): boolean {
  const counts = racks.map(({ servers }) => servers.length);
  const widthPx = Math.min(window.innerWidth - 40, 1640);
  return houseHeightPx(counts, { widthPx, wanted }) > LONG_PX;
}

function Connecting() {
  return (
    <p class="quiet" role="status">
      Connecting to the controller …
    </p>
  );
}

function DensitySwitch({ wanted }: { readonly wanted: Density | null }) {
  return (
    <label class="density">
      Cells{' '}
      <select
        value={wanted ?? 'auto'}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setQueryParameter('cells', value === 'auto' ? null : value);
        }}
      >
        <option value="auto">as they fit</option>
        <option value="rows">rows</option>
        <option value="tiles">tiles</option>
      </select>
    </label>
  );
}
