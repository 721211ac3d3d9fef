import { type Fault, SEVERITIES, type Verdict } from '../core/verdict.ts';
import type { MetricsRegistry } from '../metrics/registry.ts';
import type { Listening } from './listening.ts';

/** What is told of each fault; none of it can be NaN or infinite. */
const TOLD = {
  isThere: () => 1,
  severity: ({ severity }: Fault) => SEVERITIES.indexOf(severity),
  onset: ({ since }: Fault) => (Number.isFinite(since) ? since : null),
} as const;

/** The statuses of a rack's servers, their faults and those of the rack itself, as the newest verdicts say. */
export function sourceFaults(
  registry: MetricsRegistry<'rack'>,
  { rackId, listening }: { readonly rackId: number; readonly listening: Pick<Listening, 'verdicts' | 'faults'> },
): void {
  const ofServers = (valueOf: (fault: Fault) => number | null) =>
    function* () {
      for (const { rack_id, server_id, faults } of listening.verdicts) {
        for (const fault of faults) yield { labels: { rack_id, server_id, kind: fault.kind }, value: valueOf(fault) };
      }
    };
  const ofRack = (valueOf: (fault: Fault) => number | null) =>
    function* () {
      for (const fault of listening.faults) {
        yield { labels: { rack_id: rackId, kind: fault.kind }, value: valueOf(fault) };
      }
    };
  registry.source('netwatch_server_status', () => statuses(listening.verdicts));
  registry.source('netwatch_server_fault', ofServers(TOLD.isThere));
  registry.source('netwatch_server_fault_severity', ofServers(TOLD.severity));
  registry.source('netwatch_server_fault_onset_timestamp_seconds', ofServers(TOLD.onset));
  registry.source('netwatch_rack_fault', ofRack(TOLD.isThere));
  registry.source('netwatch_rack_fault_severity', ofRack(TOLD.severity));
  registry.source('netwatch_rack_fault_onset_timestamp_seconds', ofRack(TOLD.onset));
}

function* statuses(verdicts: readonly Verdict[]) {
  for (const { rack_id, server_id, status } of verdicts) yield { labels: { rack_id, server_id, status }, value: 1 };
}
