/**
 * Periodic Hann window: w[n] = ½ − ½·cos(2πn/N), n = 0…N−1 (the DFT-even form, so that an on-bin tone fills exactly
 * three bins). Source: F. J. Harris, "On the use of windows for harmonic analysis with the DFT", 1978.
 */
export function periodicHann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
}
