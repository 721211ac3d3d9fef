import { serverError } from '../../core/health.ts';
import type { RackFault, Verdict } from '../../core/verdict.ts';
import { isIll, type ShownStatus } from '../status/shown-status.ts';
import { serverWords } from '../words/server-words.ts';
import { errorWords, isIllWithRack, wordsOf } from '../words/trouble.ts';
import type { Density } from './house-layout.ts';

/** Below this error nothing is filled: noise would move it all the time. */
const LEAST_FILL = 0.02;

/** One server: its status as shape and colour, its error as a fill, its trouble as a word. */
export function ServerCell(of: {
  readonly verdict: Verdict;
  /** What its rack has. */
  readonly rackFaults: readonly RackFault[];
  readonly status: ShownStatus;
  readonly density: Density;
  /** The one cell that the tab key reaches; arrows go on from it. */
  readonly isTabStop: boolean;
}) {
  const { verdict, status, density } = of;
  const { rack_id: rackId, server_id: serverId } = verdict;
  const error = status === 'unknown' ? null : serverError(verdict);
  const told = status === 'unknown' ? [] : wordsOf(verdict, of.rackFaults);
  const words = cellWords(verdict, { status, told, error });
  const percent = error === null || error < LEAST_FILL ? 0 : Math.round(error * 100);
  return (
    <a
      class="cell"
      href={`/racks/${rackId}/servers/${serverId}`}
      data-at={`${rackId}/${serverId}`}
      data-status={status}
      data-ill={isIll(status)}
      data-shared={isIllWithRack(verdict) ? true : undefined}
      tabIndex={of.isTabStop ? 0 : -1}
      style={percent === 0 ? undefined : `--error: ${percent}%`}
      aria-label={density === 'tiles' ? words : undefined}
      title={words}
    >
      {density === 'rows' && <CellRow verdict={verdict} status={status} word={told[0] ?? null} error={error} />}
    </a>
  );
}

interface CellRowProps {
  readonly verdict: Verdict;
  readonly status: ShownStatus;
  readonly word: string | null;
  readonly error: number | null;
}

function CellRow({ verdict: { rack_id: rackId, server_id: serverId, name }, status, word, error }: CellRowProps) {
  const shownWord = word ?? (status === 'healthy' || status === 'unknown' ? '' : status);
  return (
    <>
      <span class="visually-hidden">Rack {rackId}, server</span>
      <span class="cell-id">{serverId}</span>
      <span class="cell-name">{name ?? `server ${serverId}`}</span>
      <span class="visually-hidden">{status === shownWord ? '' : status}</span>
      <span class="cell-word">{shownWord}</span>
      <span class="visually-hidden">error</span>
      <span class="cell-error">{error === null ? '–' : errorWords(error)}</span>
    </>
  );
}

function cellWords(
  { rack_id: rackId, server_id: serverId, name }: Verdict,
  of: { readonly status: ShownStatus; readonly told: readonly string[]; readonly error: number | null },
): string {
  const facts = [
    of.status,
    ...of.told.filter((word) => word !== of.status),
    ...(of.error === null ? [] : [`error ${errorWords(of.error)}`]),
  ];
  return `${serverWords(rackId, serverId, name)}: ${facts.join(', ')}`;
}
