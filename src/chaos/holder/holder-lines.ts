/** How a holder or a sweep ends. */
export const HOLDER_EXIT = { undone: 0, refused: 10, notApplied: 11, notUndone: 12 } as const;

/** Ends of a holder after which nothing of ours is left for certain. */
const CLEAN_EXITS: ReadonlySet<number> = new Set([HOLDER_EXIT.undone, HOLDER_EXIT.refused, HOLDER_EXIT.notApplied]);

/** Lines of something else in its log that are told, when it says nothing itself. */
const MAX_FOREIGN_LINES = 3;

/** What a holder says on its standard output, a line at a time. */
export type HolderLine =
  /** The injection is in force and has its deadline. */
  | { readonly kind: 'ready' }
  /** Nothing of ours is left. */
  | { readonly kind: 'undone' }
  /** This device vanished, and with it what we did to it. */
  | { readonly kind: 'gone'; readonly device: string }
  /** The device has a qdisc of somebody else, which was not touched. */
  | { readonly kind: 'refused'; readonly device: string; readonly qdisc: string; readonly looksLike: string }
  | { readonly kind: 'problem'; readonly text: string };

/** Reads a line of a holder; null: it is none. A carriage return at its end, as of a terminal, is no part of it. */
export function parseHolderLine(line: string): HolderLine | null {
  const [, kind = '', rest = ''] = /^netwatch: ([a-z]+)(?: (.*?))?\r?$/.exec(line) ?? [];
  switch (kind) {
    case 'ready':
    case 'undone':
      return rest === '' ? { kind } : null;
    case 'gone':
      return rest === '' ? null : { kind, device: rest };
    case 'problem':
      return rest === '' ? null : { kind, text: rest };
    case 'refused':
      return parseRefusal(rest);
    default:
      return null;
  }
}

export function isCleanExit(exitCode: number): boolean {
  return CLEAN_EXITS.has(exitCode);
}

/** Whether a holder says this in one of its lines. */
export function hasSaid(lines: readonly string[], kind: HolderLine['kind']): boolean {
  return lines.some((line) => parseHolderLine(line)?.kind === kind);
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

/** `eth0 htb 1: bandwidth shaping` */
function parseRefusal(text: string): HolderLine | null {
  const [, device, qdisc, looksLike] = /^(\S+) (\S+ \S+) (\S.*)$/.exec(text) ?? [];
  if (device === undefined || qdisc === undefined || looksLike === undefined) return null;
  return { kind: 'refused', device, qdisc, looksLike };
}
