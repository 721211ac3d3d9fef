/** What is given in the place of a result when too many wait already. */
export const TOO_MANY_WAIT = Symbol('too many wait');

const MAX_WAITING = 16;

/**
 * Does pieces of work one after the other, in the order in which they came.
 * @returns a function that rejects as its work does, and gives `TOO_MANY_WAIT` when 16 wait already
 */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async <T>(work: () => Promise<T>): Promise<T | typeof TOO_MANY_WAIT> => {
    if (waiting >= MAX_WAITING) return TOO_MANY_WAIT;
    waiting++;
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      waiting--;
    }
  };
}
