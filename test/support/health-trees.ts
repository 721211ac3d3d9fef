import { datacenterScore, groupStatus, rackScore } from '../../src/core/health.ts';
import type { DatacenterHealth, RackFault, RackHealth, Verdict } from '../../src/core/verdict.ts';

/** Unix seconds of every tree made here: 2023-11-14 22:13:20 UTC. */
export const NOW_SECONDS = 1_700_000_000;

export const LOSSY = {
  status: 'critical',
  spectral_error: 0.203,
  snr_db: 5.93,
  loss_ratio: 0.199,
  faults: [
    { kind: 'loss', since: NOW_SECONDS - 12, severity: 'critical', confidence: 1, parameters: { loss_ratio: 0.2 } },
  ],
} as const satisfies Partial<Verdict>;

/** Healthy, but its rack controller was late by 180 ms. */
export const OBSERVED = {
  faults: [
    { kind: 'observer', since: NOW_SECONDS - 5, severity: 'info', confidence: 1, parameters: { lag_seconds: 0.18 } },
  ],
} as const satisfies Partial<Verdict>;

export const SILENT = {
  status: 'silent',
  spectral_error: 1,
  snr_db: null,
  loss_ratio: 1,
  last_heard: NOW_SECONDS - 4.2,
} as const satisfies Partial<Verdict>;

export const WARMING = {
  status: 'warming',
  spectral_error: null,
  snr_db: null,
  loss_ratio: null,
  delay_seconds: null,
  jitter_seconds: null,
  clock_skew_ppm: null,
} as const satisfies Partial<Verdict>;

/** A verdict as clean as loopback gives it, its numbers a little different for each server. */
export function verdictOf(rackId: number, serverId: number, changes: Partial<Verdict> = {}): Verdict {
  const variety = ((rackId * 31 + serverId) * 37) % 97;
  return {
    rack_id: rackId,
    server_id: serverId,
    name: null,
    status: 'healthy',
    spectral_error: 0.00002 + variety * 0.000007,
    snr_db: 30 + variety / 5,
    loss_ratio: 0,
    delay_seconds: 0.0001,
    jitter_seconds: 0.00003 + variety * 0.000002,
    clock_skew_ppm: 1,
    expected_frequency_hz: 1 + rackId + 0.05 * serverId,
    sample_rate_hz: 20,
    last_heard: NOW_SECONDS - 0.1,
    faults: [],
    ...changes,
  };
}

export interface TreeShape {
  readonly racks: number;
  readonly servers: number;
  readonly change?: (rackId: number, serverId: number) => Partial<Verdict>;
  readonly rackFaults?: (rackId: number) => readonly RackFault[];
  /** A rack whose reports stopped 42 s ago. */
  readonly silentRack?: number;
}

/** A tree with scores and statuses as the roles would give them. */
export function treeOf({
  racks: rackCount,
  servers: serverCount,
  change,
  silentRack,
  rackFaults,
}: TreeShape): DatacenterHealth {
  const racks = Array.from({ length: rackCount }, (_, rackId): RackHealth => {
    const servers = Array.from({ length: serverCount }, (__, serverId) =>
      verdictOf(rackId, serverId, change?.(rackId, serverId)),
    );
    const score = rackScore(servers);
    const lastReport = rackId === silentRack ? NOW_SECONDS - 42 : NOW_SECONDS - 0.4;
    const status = rackId === silentRack ? 'silent' : groupStatus(score);
    const faults = rackFaults?.(rackId) ?? [];
    return { rack_id: rackId, health_score: score, status, last_report: lastReport, faults, servers };
  });
  const score = datacenterScore(racks);
  return { dc_id: 'dc-1', health_score: score, status: groupStatus(score), timestamp: NOW_SECONDS, racks };
}
