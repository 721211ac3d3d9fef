/** Most servers one list may name. */
export const MAX_LISTED_SERVERS = 1024;

const MAX_SERVER_ID = 65_535;

/**
 * Reads a server list: `3`, `0-7`, `1,3,5-7`, or the same as a number or an array of numbers. Returns the sorted ids,
 * each once, or null when it is no such list or names more than MAX_LISTED_SERVERS.
 */
export function parseServerList(input: unknown): readonly number[] | null {
  const ids = new Set<number>();
  const items = typeof input === 'string' ? input.split(',') : Array.isArray(input) ? (input as unknown[]) : [input];
  for (const item of items) {
    const range = parseRange(item);
    if (range === null || range.last - range.first >= MAX_LISTED_SERVERS) return null;
    for (let id = range.first; id <= range.last; id++) ids.add(id);
    if (ids.size > MAX_LISTED_SERVERS) return null;
  }
  return ids.size === 0 ? null : [...ids].toSorted((a, b) => a - b);
}

function parseRange(item: unknown): { first: number; last: number } | null {
  const match = typeof item === 'number' ? [item, item] : typeof item === 'string' ? matchRange(item) : null;
  const [first, last] = match ?? [];
  if (first === undefined || last === undefined || !isServerId(first) || !isServerId(last)) return null;
  return first <= last ? { first, last } : null;
}

function matchRange(text: string): [number, number] | null {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  return match ? [Number(match[1]), Number(match[2] ?? match[1])] : null;
}

function isServerId(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_SERVER_ID;
}
