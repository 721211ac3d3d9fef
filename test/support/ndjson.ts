import type { Arrival } from './simulated-link.ts';

/** Arrivals as lines of `netwatch analyze`, of whichever server. */
export function linesOf(arrivals: readonly Arrival[], of: { rackId: number; serverId: number }): string[] {
  return arrivals.map(({ sample, receivedSeconds }) =>
    JSON.stringify({
      rack_id: of.rackId,
      server_id: of.serverId,
      seq: sample.sequence,
      sent_ts: sample.sentSeconds,
      recv_ts: receivedSeconds,
      wave_sample: sample.im,
      ...(sample.re !== null && { quadrature_sample: sample.re }),
      ...(sample.bootId !== null && { boot_id: sample.bootId }),
    }),
  );
}
