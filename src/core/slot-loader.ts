import type { SpectrumPlan } from './power-spectrum.ts';
import type { Stream } from './stream.ts';
import { fitTone } from './tone-fit.ts';

const TWO_PI = 2 * Math.PI;

/** Brings a stream's newest window into a transform's input, at baseband. Owns scratch for one window. */
export class SlotLoader {
  readonly #values: Float64Array;
  readonly #sines: Float64Array;
  readonly #cosines: Float64Array;

  /** @param windowSlots slots of the largest window */
  constructor(windowSlots: number) {
    this.#values = new Float64Array(windowSlots);
    this.#sines = new Float64Array(windowSlots);
    this.#cosines = new Float64Array(windowSlots);
  }

  /** Fills the plan's input with the newest window at baseband; holes are 0. Returns the mean power of what came. */
  load(stream: Stream, plan: SpectrumPlan): number {
    if (stream.isReal) return this.#loadReal(stream, plan);
    const { slots } = stream;
    const { size, input } = plan;
    let power = 0;
    let count = 0;
    for (let n = 0, index = slots.newest - size + 1; n < size; n++, index++) {
      const came = slots.has(index);
      const re = came ? slots.re(index) : 0;
      const im = came ? slots.im(index) : 0;
      input[2 * n] = re;
      input[2 * n + 1] = im;
      if (!came) continue;
      power += re * re + im * im;
      count++;
    }
    return count > 0 ? power / count : 0;
  }

  /**
   * The same for a sender of real samples: the tone is fitted to (send time, value) over the window, and the fit gives
   * the quadrature. What the value has beyond the fit stays in the slot, so it is heard as noise.
   */
  #loadReal(stream: Stream, plan: SpectrumPlan): number {
    const { slots } = stream;
    const { size, input } = plan;
    const { frequencyHz } = stream.options;
    const start = slots.newest - size + 1;
    let count = 0;
    for (let index = start; index <= slots.newest; index++) {
      if (!slots.has(index)) continue;
      const phase = TWO_PI * ((frequencyHz * slots.sentSeconds(index)) % 1);
      this.#sines[count] = Math.sin(phase);
      this.#cosines[count] = Math.cos(phase);
      this.#values[count++] = slots.im(index);
    }
    const fit = fitTone({ sines: this.#sines, cosines: this.#cosines, values: this.#values }, count);
    let power = 0;
    for (let n = 0, seen = 0; n < size; n++) {
      input[2 * n] = 0;
      input[2 * n + 1] = 0;
      if (!slots.has(start + n)) continue;
      const [sine, cosine] = [this.#sines[seen] ?? 0, this.#cosines[seen] ?? 0];
      const re = fit.sine * cosine - fit.cosine * sine;
      const im = this.#values[seen++] ?? 0;
      const delayPhase = TWO_PI * ((frequencyHz * slots.delaySeconds(start + n)) % 1);
      const [delayCos, delaySin] = [Math.cos(delayPhase), Math.sin(delayPhase)];
      const [cos, sin] = [cosine * delayCos - sine * delaySin, sine * delayCos + cosine * delaySin];
      input[2 * n] = re * cos + im * sin;
      input[2 * n + 1] = im * cos - re * sin;
      power += re * re + im * im;
    }
    return count > 0 ? power / count : 0;
  }
}
