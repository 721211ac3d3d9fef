/**
 * Two-sample test of Kolmogorov and Smirnov: the chance of so large a distance between the distributions of two samples
 * if both were drawn from the same one (Stephens 1970 for the effective size; the series of Kolmogorov 1933). Ties make
 * it too large, never too small.
 */
export function kolmogorovSmirnovP(a: readonly number[], b: readonly number[]): number {
  const distance = largestDistance(
    a.toSorted((x, y) => x - y),
    b.toSorted((x, y) => x - y),
  );
  const size = Math.sqrt((a.length * b.length) / (a.length + b.length));
  const lambda = (size + 0.12 + 0.11 / size) * distance;
  let p = 0;
  for (let k = 1; k <= 100; k++) p += 2 * (-1) ** (k - 1) * Math.exp(-2 * (k * lambda) ** 2);
  // For a small distance the series does not converge; then the samples are as alike as can be.
  return lambda < 0.2 ? 1 : Math.min(1, Math.max(0, p));
}

/** Largest distance between the empirical distributions of two sorted samples. */
function largestDistance(a: readonly number[], b: readonly number[]): number {
  let [i, j, distance] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    while ((a[i] ?? Infinity) <= value) i++;
    while ((b[j] ?? Infinity) <= value) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return distance;
}

/** Chance of so different shares if both samples had the same one: the pooled z-test, two-sided. */
export function sameShareP(a: { hits: number; of: number }, b: { hits: number; of: number }): number {
  const pooled = (a.hits + b.hits) / (a.of + b.of);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of));
  if (deviation === 0) return 1;
  const z = Math.abs(a.hits / a.of - b.hits / b.of) / deviation;
  return 2 * (1 - normalCdf(z));
}

/** Zelen and Severo 1964, error below 7.5e-8. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * z);
  const series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
  const tail = series.reduce((sum, factor, n) => sum + factor * t ** (n + 1), 0);
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}
