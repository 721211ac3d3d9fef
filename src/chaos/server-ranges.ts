/**
 * Ids as a person would write them: `3`, `0-7`, `0-2,5`. The ids are sorted, each once.
 */
export function rangesText(ids: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const id of ids) {
    const latest = ranges.at(-1);
    if (latest?.last === id - 1) latest.last = id;
    else ranges.push({ first: id, last: id });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
