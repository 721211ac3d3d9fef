const MAX_ID = 0xff_ff;

/** Reads ids as a person writes them, `0, 2-3`: sorted, each once. Null when it is none of that, or empty. */
export function parseIdList(text: string): readonly number[] | null {
  const ids = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?$/.exec(part.trim());
    if (match === null) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first || last > MAX_ID) return null;
    for (let id = first; id <= last; id++) ids.add(id);
  }
  return [...ids].toSorted((a, b) => a - b);
}

/** Sorted ids as a person would write them: `0-2, 5`. */
export function idListText(ids: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const id of ids) {
    const latest = ranges.at(-1);
    if (latest?.last === id - 1) latest.last = id;
    else ranges.push({ first: id, last: id });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
