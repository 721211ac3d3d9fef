/**
 * Does the work for each item, at most `limit` at a time, and gives the results in the order of the items.
 * Rejects as soon as one piece of work does, and begins no other.
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
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, next));
  return results;
}
