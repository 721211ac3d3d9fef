/** How a holder or a sweep ends. */
export const HOLDER_EXIT = { undone: 0, refused: 10, notApplied: 11, notUndone: 12 } as const;

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

/** `eth0 htb 1: bandwidth shaping` */
function parseRefusal(text: string): HolderLine | null {
  const [, device, qdisc, looksLike] = /^(\S+) (\S+ \S+) (\S.*)$/.exec(text) ?? [];
  if (device === undefined || qdisc === undefined || looksLike === undefined) return null;
  return { kind: 'refused', device, qdisc, looksLike };
}
