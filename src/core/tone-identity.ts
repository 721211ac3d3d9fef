const BLOCKS = 8;
/** A tone further off than this share of a full window's bin is somebody else's. */
export const TONE_TOLERANCE_BINS = 0.25;

/**
 * Measures how far the tone that is sung lies from the tone that is expected, on the sender's own time line, where no
 * network effect reaches. A Hann window cannot part tones 0.05 Hz apart within 12.8 s, but their phase does: the
 * samples are brought down by the expected tone and summed in blocks, and the phase advance from block to block is the
 * frequency offset (the pulse-pair estimator: Miller and Rochwarger 1972).
 */
export class ToneIdentity {
  /** Block number, re and im of each block's sum. */
  readonly #sums = new Float64Array(3 * BLOCKS).fill(-1);
  readonly #blockSlots: number;
  #newest = -1;

  /** @param windowSlots slots of a window, over which the offset is measured */
  constructor(windowSlots: number) {
    this.#blockSlots = windowSlots / BLOCKS;
  }

  reset(): void {
    this.#sums.fill(-1);
    this.#newest = -1;
  }

  /**
   * Adds one sample.
   * @param index slot index
   * @param re,im the sample brought down by the expected tone at its send time: z·e^{−j2πft}
   */
  add(index: number, re: number, im: number): void {
    const block = Math.floor(index / this.#blockSlots);
    if (block <= this.#newest - BLOCKS) return;
    this.#newest = Math.max(this.#newest, block);
    const at = 3 * (block % BLOCKS);
    const isNew = this.#sums[at] !== block;
    this.#sums[at] = block;
    this.#sums[at + 1] = re + (isNew ? 0 : (this.#sums[at + 1] ?? 0));
    this.#sums[at + 2] = im + (isNew ? 0 : (this.#sums[at + 2] ?? 0));
  }

  /**
   * Offset of the sung tone from the expected one in Hz, within ± fs / (2 × block).
   * @param minPairs neighbouring blocks it takes; null while there are fewer
   */
  offsetHz(sampleRateHz: number, minPairs: number): number | null {
    const sums = this.#sums;
    let re = 0;
    let im = 0;
    let pairs = 0;
    for (let block = Math.max(this.#newest - BLOCKS + 2, 1); block <= this.#newest; block++) {
      const at = 3 * (block % BLOCKS);
      const before = 3 * ((block - 1) % BLOCKS);
      if (sums[at] !== block || sums[before] !== block - 1) continue;
      const [re1, im1] = [sums[at + 1] ?? 0, sums[at + 2] ?? 0];
      const [re0, im0] = [sums[before + 1] ?? 0, sums[before + 2] ?? 0];
      re += re1 * re0 + im1 * im0;
      im += im1 * re0 - re1 * im0;
      pairs++;
    }
    if (pairs < minPairs) return null;
    return (Math.atan2(im, re) / (2 * Math.PI)) * (sampleRateHz / this.#blockSlots);
  }
}
