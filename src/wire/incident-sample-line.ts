import type { Sample } from '../core/sample.ts';

/** One arrival as a line of a capsule, without its newline: what `netwatch analyze` reads. Times are Unix seconds. */
export function encodeIncidentSample(sample: Sample, receivedSeconds: number): string {
  return JSON.stringify({
    rack_id: sample.rackId,
    server_id: sample.serverId,
    seq: sample.sequence,
    sent_ts: sample.sentSeconds,
    recv_ts: receivedSeconds,
    wave_sample: sample.im,
    ...(sample.re === null ? {} : { quadrature_sample: sample.re }),
    ...(sample.bootId === null ? {} : { boot_id: sample.bootId }),
  });
}
