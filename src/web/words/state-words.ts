import type { DatacenterHealth } from '../../core/verdict.ts';
import { countStatuses, SHOWN_STATUSES } from '../status/shown-status.ts';
import { allWellWords } from './all-well.ts';
import { timeWords, UNKNOWN } from './number-words.ts';

/**
 * How everything stands, in a sentence.
 * @param pastAt Unix seconds; when it stood so if that is not known of now, null if it is
 */
export function stateWords(tree: DatacenterHealth, pastAt: number | null): string {
  const counts = countStatuses(tree.racks);
  const total = SHOWN_STATUSES.reduce((sum, status) => sum + counts[status], 0);
  const ill = counts.warning + counts.critical + counts.silent;
  const racks = [
    countedRacks(tree, (last) => last !== null, 'silent'),
    countedRacks(tree, (last) => last === null, 'never reported'),
  ].filter((words) => words !== '');
  const servers =
    ill > 0 ? `${ill} of ${total} servers ill` : counts.unknown > 0 ? `${counts.unknown} servers unknown` : '';
  const facts = [...racks, ...(servers === '' ? [] : [servers])];
  const words = facts.length === 0 ? allWellWords(tree) : facts.join(', ');
  return pastAt === null ? words : `At ${timeWords(pastAt)}: ${inPast(words)}`;
}

/** The score of a rack, as wherever it is shown; of one that does not report it is not known. */
export function rackScoreWords(
  rack: { readonly status: string; readonly health_score: number | null } | undefined,
): string {
  return rack === undefined || rack.status === 'silent' || rack.health_score === null
    ? UNKNOWN
    : rack.health_score.toFixed(3);
}

function countedRacks({ racks }: DatacenterHealth, isOf: (lastReport: number | null) => boolean, word: string): string {
  const count = racks.filter(({ status, last_report: last }) => status === 'silent' && isOf(last)).length;
  return count === 0 ? '' : `${count} of ${racks.length} racks ${word}`;
}

/** Words of servers that are well, as of then. */
function inPast(words: string): string {
  return words.replace(/ are healthy\.$/, ' were healthy.').replace(/ is healthy\.$/, ' was healthy.');
}
