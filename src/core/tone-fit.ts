/** A real tone a·sin θ + b·cos θ fitted to samples. */
export interface ToneFit {
  readonly sine: number;
  readonly cosine: number;
}

/** Samples of a tone: sin θ and cos θ with θ = 2πft, and the value at each. */
export interface ToneSamples {
  readonly sines: Float64Array;
  readonly cosines: Float64Array;
  readonly values: Float64Array;
}

/**
 * Least-squares fit of value ≈ a·sin θ + b·cos θ, by its 2 × 2 normal equations.
 * @param length how many of the samples count, from the first
 * @returns both amplitudes 0 when the samples do not determine them
 */
export function fitTone({ sines, cosines, values }: ToneSamples, length: number): ToneFit {
  let [ss, sc, cc, vs, vc] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const [s, c, v] = [sines[i] ?? 0, cosines[i] ?? 0, values[i] ?? 0];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    vs += v * s;
    vc += v * c;
  }
  const determinant = ss * cc - sc * sc;
  if (determinant <= 1e-9 * length * length) return { sine: 0, cosine: 0 };
  return { sine: (vs * cc - vc * sc) / determinant, cosine: (vc * ss - vs * sc) / determinant };
}
