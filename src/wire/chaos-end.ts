/** Why an injection is over: somebody ended it early, its time was up, or it could not be injected or undone. */
export const CHAOS_END_REASONS = ['cleared', 'expired', 'failed'] as const;

export type ChaosEndReason = (typeof CHAOS_END_REASONS)[number];

/** What an injector tells a datacenter when an injection is over, as `POST /api/v1/chaos/end` carries it. */
export interface ChaosEnd {
  /** Of the injection, as in its `ChaosNotice`. */
  readonly id: string;
  /** Unix seconds. */
  readonly ended_at: number;
  readonly reason: ChaosEndReason;
}
