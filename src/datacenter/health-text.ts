import type { Aggregate } from './aggregate.ts';
import { createCachedText } from './cached-text.ts';

const MAX_AGE_SECONDS = 0.1;

/** The tree as JSON, made at most every 100 ms: however many ask, and however many racks report, the cost is that of one. */
export function createHealthText(aggregate: Aggregate): (nowSeconds: number) => string {
  return createCachedText((nowSeconds) => JSON.stringify(aggregate.health(nowSeconds)), MAX_AGE_SECONDS);
}
