/**
 * The k-th smallest (0-based) of the first `length` values, in O(length) on average. Reorders `values` so that smaller
 * ones lie before index k and larger ones after it. Source: C. A. R. Hoare, "Algorithm 65: FIND", 1961.
 */
function selectInPlace(values: Float64Array, length: number, k: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const pivot = values[(low + high) >>> 1] ?? 0;
    let left = low;
    let right = high;
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) left++;
      while ((values[right] ?? 0) > pivot) right--;
      if (left > right) break;
      const swapped = values[left] ?? 0;
      values[left] = values[right] ?? 0;
      values[right] = swapped;
      left++;
      right--;
    }
    if (k <= right) high = right;
    else if (k >= left) low = left;
    else break;
  }
  return values[k] ?? Number.NaN;
}

/** Lower median of the first `length` values; reorders them. NaN for none. */
export function medianInPlace(values: Float64Array, length: number): number {
  return length > 0 ? selectInPlace(values, length, (length - 1) >>> 1) : Number.NaN;
}

/** Nearest-rank quantile (0 < share ≤ 1) of the first `length` values; reorders them. NaN for none. */
export function quantileInPlace(values: Float64Array, length: number, share: number): number {
  if (length === 0) return Number.NaN;
  const rank = Math.ceil(share * length) - 1;
  return selectInPlace(values, length, Math.min(Math.max(rank, 0), length - 1));
}
