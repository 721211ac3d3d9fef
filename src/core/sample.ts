/**
 * One sample of a server's tone, as its agent sent it.
 *
 * `re` and `im` are one point of A·e^{j2πft}. The wire carries the in-phase value A·sin(2πft) and the quadrature
 * value A·cos(2πft), so `re` is the quadrature and `im` the in-phase sample. A sender of real samples only
 * (the JSON form) has `re` null.
 */
export interface Sample {
  readonly rackId: number;
  readonly serverId: number;
  /** Random per agent start; null where the form carries none, and then a restart is told from time and sequence. */
  readonly bootId: number | null;
  /** Unsigned 32 bit, wraps. */
  readonly sequence: number;
  /** Seconds since the Unix epoch on the agent's clock. */
  readonly sentSeconds: number;
  /** Quadrature sample A·cos(2πft), or null for a real-only sender. */
  readonly re: number | null;
  /** In-phase sample A·sin(2πft). */
  readonly im: number;
}
