import type { Aggregate } from './aggregate.ts';

const MAX_AGE_SECONDS = 0.1;

/**
 * The tree as JSON, made at most once a change, and at least every 100 ms when asked for: however many ask, the cost is
 * that of one.
 */
export function createHealthText(aggregate: Aggregate): (nowSeconds: number) => string {
  let text = '';
  let version = -1;
  let madeSeconds = -Infinity;
  return (nowSeconds) => {
    if (version !== aggregate.version || nowSeconds - madeSeconds >= MAX_AGE_SECONDS) {
      text = JSON.stringify(aggregate.health(nowSeconds));
      version = aggregate.version;
      madeSeconds = nowSeconds;
    }
    return text;
  };
}
