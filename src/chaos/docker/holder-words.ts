import { HOLDER_EXIT, parseHolderLine } from '../holder/holder-lines.ts';

/** Ends of a holder after which nothing of ours is left for certain. */
const CLEAN_EXITS: ReadonlySet<number> = new Set([HOLDER_EXIT.undone, HOLDER_EXIT.refused, HOLDER_EXIT.notApplied]);

/** Lines of something else in its log that are told, when it says nothing itself. */
const MAX_FOREIGN_LINES = 3;

export function isCleanExit(exitCode: number): boolean {
  return CLEAN_EXITS.has(exitCode);
}

export function isReady(line: string): boolean {
  return parseHolderLine(line)?.kind === 'ready';
}

/** Why a holder did not do what it should, in words for the user; null when it says nothing of it. */
export function reasonIn(lines: readonly string[]): string | null {
  const reasons = lines.flatMap((line) => {
    const said = parseHolderLine(line);
    if (said?.kind === 'problem') return said.text;
    if (said?.kind !== 'refused') return [];
    const { device, qdisc, looksLike } = said;
    return (
      `${device} has the qdisc ${qdisc}, which is not ours (it looks like ${looksLike}) and was left alone: ` +
      'remove it first, or choose another server'
    );
  });
  if (reasons.length > 0) return [...new Set(reasons)].join('; ');
  const foreign = lines.filter((line) => line.trim() !== '' && parseHolderLine(line) === null);
  return foreign.length === 0 ? null : foreign.slice(-MAX_FOREIGN_LINES).join(' / ');
}

/** How a helper ended, as the end of a sentence. */
export function exitText(exitCode: number): string {
  if (exitCode === 137) return 'was killed (exit 137)';
  return exitCode === HOLDER_EXIT.notUndone ? 'could not undo it (exit 12)' : `ended with exit ${exitCode}`;
}
