/**
 * Does the work for each item, at most `limit` at a time, and gives the results in the order of the items.
 * When one piece of work fails it begins no other, and rejects once all that had begun has ended.
 */
export async function severalAtOnce<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let hasFailed = false;
  async function next(): Promise<void> {
    for (const [index, item] of queue) {
      if (hasFailed) return;
      try {
        // oxlint-disable-next-line no-await-in-loop -- each of these loops does one after the other
        results[index] = await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, next));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}
