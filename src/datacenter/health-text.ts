import type { Aggregate } from './aggregate.ts';

const MAX_AGE_SECONDS = 0.1;

/** The tree as JSON, made at most every 100 ms: however many ask, and however many racks report, the cost is that of one. */
export function createHealthText(aggregate: Aggregate): (nowSeconds: number) => string {
  let text = '';
  let madeSeconds = -Infinity;
  return (nowSeconds) => {
    if (nowSeconds - madeSeconds >= MAX_AGE_SECONDS) {
      text = JSON.stringify(aggregate.health(nowSeconds));
      madeSeconds = nowSeconds;
    }
    return text;
  };
}
