/** `rows`: a line a server, as units in a rack. `tiles`: a small square a server, for thousands. */
export type Density = 'rows' | 'tiles';

/** How many panels and cells stand side by side. */
export interface HouseLayout {
  readonly density: Density;
  readonly panelsAcross: number;
  readonly cellsAcross: number;
}

/** Above so many servers, or px of height, rows would be longer than anybody reads. */
const MOST_ROWS = 160;
const MOST_ROWS_PX = 2000;
/** Px; the same as in house.css. */
const PANEL_GAP = 12;
const ROWS_PANEL_WIDTH = 284;
const TILE_PITCH = 26;
const TILES_PADDING = 22;
const TILES_ACROSS = 10;
const ROW_HEIGHT = 28;
const HEADER_HEIGHT = 34;

/**
 * @param counts servers of each rack of the whole house: a filter does not change how it is laid out
 * @param largestRack servers of the largest rack that is shown
 * @param widthPx room for the panels
 * @param wanted what the reader chose, null: what fits
 */
export function layoutHouse(of: {
  readonly counts: readonly number[];
  readonly largestRack: number;
  readonly widthPx: number;
  readonly wanted: Density | null;
}): HouseLayout {
  const rows = { density: 'rows', panelsAcross: across(of.widthPx, ROWS_PANEL_WIDTH), cellsAcross: 1 } as const;
  const serverCount = of.counts.reduce((sum, count) => sum + count, 0);
  const isLong = serverCount > MOST_ROWS || heightPx(of.counts, rows) > MOST_ROWS_PX;
  const density = of.wanted ?? (isLong ? 'tiles' : 'rows');
  if (density === 'rows') return rows;
  const room = Math.max(1, Math.floor((of.widthPx - TILES_PADDING) / TILE_PITCH));
  const cellsAcross = Math.max(1, Math.min(TILES_ACROSS, of.largestRack, room));
  const panelWidth = Math.max(cellsAcross * TILE_PITCH + TILES_PADDING, 200);
  return { density, panelsAcross: across(of.widthPx, panelWidth), cellsAcross };
}

/** How high the racks will be, about. @param counts servers of each rack */
export function houseHeightPx(
  counts: readonly number[],
  { widthPx, wanted }: { readonly widthPx: number; readonly wanted: Density | null },
): number {
  const largestRack = Math.max(1, ...counts);
  return heightPx(counts, layoutHouse({ counts, largestRack, widthPx, wanted }));
}

function heightPx(counts: readonly number[], layout: HouseLayout): number {
  const largestRack = Math.max(1, ...counts);
  const lines = Math.ceil(largestRack / layout.cellsAcross);
  const panelHeight = HEADER_HEIGHT + lines * (layout.density === 'rows' ? ROW_HEIGHT : TILE_PITCH) + PANEL_GAP;
  return Math.ceil(counts.length / layout.panelsAcross) * panelHeight;
}

/** Where a cell is: the rack's place among those shown, the server's in its rack. */
export interface CellPlace {
  readonly rack: number;
  readonly server: number;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The cell next to one; the same where there is none.
 * @param counts servers of each rack that is shown
 */
export function nextCell(
  from: CellPlace,
  direction: Direction,
  { counts, layout }: { readonly counts: readonly number[]; readonly layout: HouseLayout },
): CellPlace {
  const { cellsAcross, panelsAcross } = layout;
  const column = from.server % cellsAcross;
  const line = Math.floor(from.server / cellsAcross);
  const count = counts[from.rack] ?? 0;
  const cell = (rack: number, server: number): CellPlace => {
    const last = (counts[rack] ?? 0) - 1;
    return last < 0 ? from : { rack, server: Math.min(server, last) };
  };
  if (direction === 'left') {
    if (column > 0) return cell(from.rack, from.server - 1);
    return from.rack % panelsAcross === 0 ? from : cell(from.rack - 1, line * cellsAcross + cellsAcross - 1);
  }
  if (direction === 'right') {
    if (column < cellsAcross - 1 && from.server + 1 < count) return cell(from.rack, from.server + 1);
    return (from.rack + 1) % panelsAcross === 0 ? from : cell(from.rack + 1, line * cellsAcross);
  }
  if (direction === 'up') {
    if (line > 0) return cell(from.rack, from.server - cellsAcross);
    const above = from.rack - panelsAcross;
    return above < 0 ? from : cell(above, lastLine(counts[above] ?? 0, cellsAcross) * cellsAcross + column);
  }
  if (line < lastLine(count, cellsAcross)) return cell(from.rack, from.server + cellsAcross);
  return cell(from.rack + panelsAcross, column);
}

function lastLine(count: number, cellsAcross: number): number {
  return Math.max(0, Math.ceil(count / cellsAcross) - 1);
}

function across(widthPx: number, panelWidth: number): number {
  return Math.max(1, Math.floor((widthPx + PANEL_GAP) / (panelWidth + PANEL_GAP)));
}
