/** A text made at most once in so long: however many ask, the cost is that of one. */
export function createCachedText(
  make: (nowSeconds: number) => string,
  maxAgeSeconds: number,
): (nowSeconds: number) => string {
  let text = '';
  let madeSeconds = -Infinity;
  return (nowSeconds) => {
    const ageSeconds = nowSeconds - madeSeconds;
    // A clock that was set back makes it anew too.
    if (ageSeconds >= maxAgeSeconds || ageSeconds < 0) {
      text = make(nowSeconds);
      madeSeconds = nowSeconds;
    }
    return text;
  };
}
