/** How long a second agent keeps being told of after it was last heard. */
const MEMORY_SECONDS = 5;

/**
 * A second live agent with the identity of a stream. The first keeps the place; two boot ids heard in turn are a
 * conflict, while a new one after which the old is not heard again is only a restart.
 */
export class Rival {
  #bootId: number | null = null;
  #heardSeconds = Number.NEGATIVE_INFINITY;
  #provenSeconds: number | null = null;

  forget(): void {
    this.#bootId = null;
    this.#heardSeconds = Number.NEGATIVE_INFINITY;
    this.#provenSeconds = null;
  }

  /**
   * Notes a sample of another boot id.
   * @param incumbentHeardSeconds when the agent that holds the place was last heard
   */
  hear(bootId: number | null, nowSeconds: number, incumbentHeardSeconds: number): void {
    const isInTurn = bootId === this.#bootId && incumbentHeardSeconds > this.#heardSeconds;
    if (isInTurn) this.#provenSeconds ??= nowSeconds;
    this.#bootId = bootId;
    this.#heardSeconds = nowSeconds;
  }

  /** Since when two agents claim the identity, unix seconds; null when they do not, or no longer. */
  conflictSince(nowSeconds: number): number | null {
    if (nowSeconds - this.#heardSeconds > MEMORY_SECONDS) this.#provenSeconds = null;
    return this.#provenSeconds;
  }
}
