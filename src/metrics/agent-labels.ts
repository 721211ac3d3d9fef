// The values of labels of the agent's metrics: what is not here cannot be counted.

/** System errors a UDP send meets in practice. */
export const SEND_ERROR_CODES = [
  'EACCES',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOBUFS',
  'ENOTFOUND',
  'EPERM',
  'other',
] as const;

/** What the emulated network of an agent's servers did to their datagrams. */
export const CHAOS_ACTIONS = ['lost', 'over_limit', 'duplicated', 'corrupted', 'reordered'] as const;

export type ChaosAction = (typeof CHAOS_ACTIONS)[number];
