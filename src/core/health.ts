import { reachedThresholds } from './hysteresis.ts';
import type { Fault, GroupStatus, ServerStatus, Severity, Verdict } from './verdict.ts';

/** Spectral error from which a server is `warning`, and from which it is `critical`. */
const ERROR_THRESHOLDS: readonly number[] = [0.2, 0.5];
/** Score below which a rack or datacenter is `degraded`, and below which it is `critical`. */
const HEALTHY_SCORE = 0.8;
const DEGRADED_SCORE = 0.5;

/** What is said of a server that is heard and can be judged, ascending. */
const JUDGED_STATUSES = ['healthy', 'warning', 'critical'] as const satisfies readonly ServerStatus[];

export type JudgedStatus = (typeof JUDGED_STATUSES)[number];

const SEVERITY_STATUS: Readonly<Record<Severity, JudgedStatus>> = {
  info: 'healthy',
  warning: 'warning',
  critical: 'critical',
};

/**
 * The class of a spectral error: `warning` from 0.2 on, `critical` from 0.5 on. A class is left only below 0.8 of that.
 * @param before the class at the last verdict
 */
export function spectralClass(spectralError: number, before: JudgedStatus): JudgedStatus {
  return JUDGED_STATUSES[reachedThresholds(spectralError, ERROR_THRESHOLDS, rank(before))] ?? 'critical';
}

/** The worse of a server's spectral class and its worst fault. */
export function serverStatus(spectral: JudgedStatus, faults: Iterable<Pick<Fault, 'severity'>>): JudgedStatus {
  let status = spectral;
  for (const { severity } of faults) {
    const claimed = SEVERITY_STATUS[severity];
    if (rank(claimed) > rank(status)) status = claimed;
  }
  return status;
}

/** What a server counts for in its rack's score: its spectral error, 1 when silent, null when it cannot be judged yet. */
export function serverError(verdict: Pick<Verdict, 'status' | 'spectral_error'>): number | null {
  if (verdict.status === 'silent') return 1;
  return verdict.status === 'warming' ? null : verdict.spectral_error;
}

/** 1 − mean error over the servers that can be judged; null while none can. */
export function rackScore(verdicts: Iterable<Pick<Verdict, 'status' | 'spectral_error'>>): number | null {
  const meanError = meanOfKnown(verdicts, serverError);
  return meanError === null ? null : 1 - meanError;
}

/** Mean score over the expected racks; a silent rack counts as 0, one that cannot be judged yet not at all. */
export function datacenterScore(
  racks: Iterable<{ readonly health_score: number | null; readonly status: GroupStatus }>,
): number | null {
  return meanOfKnown(racks, (rack) => (rack.status === 'silent' ? 0 : rack.health_score));
}

/** The word for a score; `warming` for null. */
export function groupStatus(score: number | null): Exclude<GroupStatus, 'silent'> {
  if (score === null) return 'warming';
  if (score >= HEALTHY_SCORE) return 'healthy';
  return score >= DEGRADED_SCORE ? 'degraded' : 'critical';
}

function rank(status: JudgedStatus): number {
  return JUDGED_STATUSES.indexOf(status);
}

function meanOfKnown<T>(items: Iterable<T>, valueOf: (item: T) => number | null): number | null {
  let sum = 0;
  let count = 0;
  for (const item of items) {
    const value = valueOf(item);
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}
