import type { RackHealth, Verdict } from '../core/verdict.ts';
import { padStart } from './display-width.ts';
import { cellsAcross, GUTTER, inGroups, joinCells, rackTitle, titleWidth } from './layout.ts';
import type { Layout } from './layout.ts';
import { padLine } from './line.ts';
import type { Line, Span } from './line.ts';
import { errorText, millisecondsText, percentText, snrText } from './number-text.ts';
import { createServerLabels } from './server-label.ts';
import type { ServerLabels } from './server-label.ts';
import { shownStatus, statusGlyph, STATUS_MARKS } from './status-mark.ts';

interface Measure {
  readonly heading: string;
  readonly width: number;
  readonly text: (verdict: Verdict) => string;
}

const ERROR: Measure = { heading: 'error', width: 5, text: (v) => errorText(v.spectral_error) };
const SNR: Measure = { heading: 'dB', width: 5, text: (v) => snrText(v.snr_db) };
const LOSS: Measure = { heading: '%', width: 4, text: (v) => percentText(v.loss_ratio) };
const JITTER: Measure = { heading: 'ms', width: 4, text: (v) => millisecondsText(v.jitter_seconds) };

/** What a table shows of a server. */
interface Detail {
  readonly measures: readonly Measure[];
  /** The same with headings that say more, where there is room for them. */
  readonly wideMeasures: readonly Measure[];
  /** Whether the headings stand in the line of the racks' names. */
  readonly headingsBesideTitle: boolean;
  readonly legend: string;
}

const ERROR_LEGEND = "error: share of the signal's power that the network destroyed";

/** From all there is to the least. */
export const TABLE_DETAILS: readonly Detail[] = [
  {
    measures: [ERROR, SNR, LOSS, JITTER],
    wideMeasures: [
      ERROR,
      { ...SNR, heading: 'snr dB', width: 6 },
      { ...LOSS, heading: 'loss %', width: 6 },
      { ...JITTER, heading: 'jitter ms', width: 9 },
    ],
    headingsBesideTitle: true,
    legend: 'error: share of signal destroyed · dB: signal to noise · %: loss · ms: jitter',
  },
  {
    measures: [ERROR, LOSS],
    wideMeasures: [ERROR, { ...LOSS, heading: 'loss %', width: 6 }],
    headingsBesideTitle: false,
    legend: `${ERROR_LEGEND} · %: loss`,
  },
  { measures: [ERROR], wideMeasures: [ERROR], headingsBesideTitle: false, legend: ERROR_LEGEND },
];

/** The glyph of a server and a space. */
const MARK_WIDTH = 2;

/** Racks side by side as columns of servers, in as many bands as the width asks for. Null when not even one fits. */
export function layoutTable(racks: readonly RackHealth[], columns: number, detail: Detail): Layout | null {
  const labels = createServerLabels(racks);
  const { headingsBesideTitle } = detail;
  const title = titleWidth(racks);
  const widthWith = (measures: readonly Measure[], label: number): number => {
    const width = MARK_WIDTH + label + widthOf(measures);
    return Math.max(width, headingsBesideTitle ? title + widthOf(measures) : title);
  };
  const least = widthWith(detail.measures, labels.leastWidth);
  if (least > columns || racks.length === 0) return null;
  const bandCount = Math.ceil(racks.length / cellsAcross(columns, least));
  const across = Math.ceil(racks.length / bandCount);
  const share = Math.floor((columns + GUTTER) / across) - GUTTER;
  const isWide = widthWith(detail.wideMeasures, labels.leastWidth) <= share;
  const measures = isWide ? detail.wideMeasures : detail.measures;
  // Little wider than the names ask for, or the numbers would stand far from them.
  const cellWidth = Math.min(share, widthWith(measures, labels.fullWidth) + GUTTER);
  const bands = inGroups(racks, across);
  return {
    height: bands.reduce((sum, band) => sum + (headingsBesideTitle ? 1 : 2) + bandRows(band), 0),
    gaps: bands.length - 1,
    legend: isWide && headingsBesideTitle ? ERROR_LEGEND : detail.legend,
    draw: (spaced) =>
      bands.flatMap((band, index) => {
        const lines = drawBand(band, { measures, headingsBesideTitle, cellWidth, labels });
        return spaced && index > 0 ? [[], ...lines] : lines;
      }),
  };
}

/** What all cells of a table have in common. */
interface CellStyle {
  readonly measures: readonly Measure[];
  readonly headingsBesideTitle: boolean;
  readonly cellWidth: number;
  readonly labels: ServerLabels;
}

function widthOf(measures: readonly Measure[]): number {
  return measures.reduce((sum, { width }) => sum + 1 + width, 0);
}

function drawBand(band: readonly RackHealth[], style: CellStyle): readonly Line[] {
  const rows = Array.from({ length: bandRows(band) }, (_, row) =>
    joinCells(
      band.map((rack) => serverCell(rack, rack.servers[row], style)),
      style.cellWidth,
    ),
  );
  return [...heads(band, style), ...rows];
}

function bandRows(band: readonly RackHealth[]): number {
  return Math.max(1, ...band.map(({ servers }) => servers.length));
}

function heads(band: readonly RackHealth[], { measures, headingsBesideTitle, cellWidth }: CellStyle): readonly Line[] {
  const text = measures.map(({ heading, width }) => ` ${padStart(heading, width)}`).join('');
  const headings: Span = { text, tone: 'dim' };
  const beside = cellWidth - text.length;
  if (headingsBesideTitle) {
    return [
      joinCells(
        band.map((rack) => [...padLine(rackTitle(rack), beside), headings]),
        cellWidth,
      ),
    ];
  }
  return [
    joinCells(band.map(rackTitle), cellWidth),
    joinCells(
      band.map(() => [{ text: ' '.repeat(beside) }, headings]),
      cellWidth,
    ),
  ];
}

function serverCell(rack: RackHealth, verdict: Verdict | undefined, { measures, cellWidth, labels }: CellStyle): Line {
  if (verdict === undefined) return rack.servers.length === 0 ? [{ text: '  no server heard yet', tone: 'dim' }] : [];
  const status = shownStatus(rack, verdict);
  const { tone } = STATUS_MARKS[status];
  // What an unreachable rack last said is old; a silent server has no numbers of its own.
  const isOld = status === 'unknown' || status === 'silent';
  const numbers = measures.map((measure): Span => {
    const text = ` ${padStart(measure.text(verdict), measure.width)}`;
    return isOld || (measure.heading === ERROR.heading && status !== 'healthy') ? { text, tone } : { text };
  });
  const name = ` ${labels.format(verdict, cellWidth - widthOf(measures) - MARK_WIDTH)}`;
  return [statusGlyph(status), isOld ? { text: name, tone } : { text: name }, ...numbers];
}
