/** Types of the part of fft.js that is used here; the package ships none. */
declare module 'fft.js' {
  export default class FFT {
    readonly size: number;
    constructor(size: number);
    /** Complex transform, interleaved re, im; `out` and `data` differ and hold 2 × size numbers. */
    transform(out: Float64Array, data: Float64Array): void;
  }
}
