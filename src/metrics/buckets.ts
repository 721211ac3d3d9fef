// Apart from the table, because a thread that only counts has no need of the rest of it.

/** Upper bounds of `netwatch_latency_ms`. */
export const LATENCY_BUCKETS_MS = [1, 5, 10, 25, 50, 100, 250, 500, 1000] as const;

/** Upper bounds of everything that tells how late something was, seconds. */
export const LAG_BUCKETS_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5] as const;
