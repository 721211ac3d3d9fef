/** A real tone a·sin θ + b·cos θ fitted to samples. */
export interface ToneFit {
  readonly sine: number;
  readonly cosine: number;
}

/**
 * Least-squares fit of value ≈ a·sin θ + b·cos θ, by its 2 × 2 normal equations.
 * @param sines,cosines sin θ and cos θ of each sample, θ = 2πft; the first `length` count
 * @param values the samples
 * @returns both amplitudes 0 when the samples do not determine them
 */
export function fitTone(sines: Float64Array, cosines: Float64Array, values: Float64Array, length: number): ToneFit {
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
