import * as fc from 'fast-check';
import type { Sample } from '../../src/core/sample.ts';
import { SHARED_FAULT_KINDS, type Fault, type RackFault, type Verdict } from '../../src/core/verdict.ts';
import type { Announcement } from '../../src/wire/announcement.ts';
import type { Report } from '../../src/wire/report-lines.ts';

/** 00 01 02 … 1f */
export const KEY = Buffer.from(Uint8Array.from({ length: 32 }, (_, index) => index));

export const SAMPLE: Sample = {
  rackId: 1,
  serverId: 2,
  bootId: 0xdeadbeef,
  sequence: 0x01020304,
  sentSeconds: 1_700_000_000.5,
  re: -0.25,
  im: 0.5,
};

export const ANNOUNCEMENT: Announcement = {
  rackId: 1,
  serverId: 2,
  bootId: 0xdeadbeef,
  name: 'web-1',
  version: '0.1.0',
  sampleRateHz: 20,
  frequencyHz: 2.1,
  labels: { zone: 'a' },
};

export const FAULT: Fault = {
  kind: 'loss',
  since: 1_700_000_000.25,
  severity: 'warning',
  confidence: 0.9,
  parameters: { loss_ratio: 0.05 },
};

export const RACK_FAULT: RackFault = { ...FAULT, kind: 'loss', parameters: { servers: 3 }, server_ids: [1, 2, 9] };

export const VERDICT: Verdict = {
  rack_id: 1,
  server_id: 2,
  name: 'web-1',
  status: 'warning',
  spectral_error: 0.21,
  snr_db: 5.75,
  loss_ratio: 0.05,
  delay_seconds: -0.001,
  jitter_seconds: 0.0001,
  clock_skew_ppm: 12.5,
  expected_frequency_hz: 2.1,
  sample_rate_hz: 20,
  last_heard: 1_700_000_000.5,
  faults: [FAULT],
};

export const REPORT: Report = {
  rack_id: 1,
  health_score: 0.79,
  server_count: 1,
  timestamp: 1_700_000_001,
  type: 'report',
  servers: [VERDICT],
};

function plainRecord<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

const id = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
// JSON has no −0; a seconds or amplitude of −0 is 0.
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const amplitude = fc.float({ noNaN: true, min: -1e6, max: 1e6 }).map((value) => value + 0);
const sentSeconds = fc.double({ noNaN: true, min: 1e9, max: 2e9 });
const ratio = fc.double({ noNaN: true, min: 0, max: 1 });
const positive = fc.double({ noNaN: true, min: 1e-3, max: 1e6 });
const printable = fc.stringMatching(/^[-a-zA-Z0-9 .:/äöüß漢字🦀"\\]{1,15}$/u);
const labelKey = fc.stringMatching(/^[a-z]{1,6}_[0-9]$/);

/** Samples with every value the binary form carries. */
export const anySample: fc.Arbitrary<Sample> = plainRecord({
  rackId: id,
  serverId: id,
  bootId: uint32,
  sequence: uint32,
  sentSeconds,
  re: amplitude,
  im: amplitude,
});

/** Samples as the JSON form may carry them, boot id and quadrature or not. */
export const anyJsonSample: fc.Arbitrary<Sample> = plainRecord({
  rackId: id,
  serverId: id,
  bootId: fc.option(uint32),
  sequence: uint32,
  sentSeconds,
  re: fc.option(amplitude),
  im: amplitude,
});

export const anyAnnouncement: fc.Arbitrary<Announcement> = plainRecord({
  rackId: id,
  serverId: id,
  bootId: uint32,
  name: printable,
  version: printable,
  sampleRateHz: positive,
  frequencyHz: positive,
  labels: fc.dictionary(labelKey, fc.stringMatching(/^[a-z0-9]{1,15}$/), { maxKeys: 8, noNullPrototype: true }),
});

const anyFault: fc.Arbitrary<Fault> = plainRecord({
  kind: fc.constantFrom('silent', 'loss', 'burst-loss', 'periodic-loss', 'delay-shift', 'jitter', 'observer'),
  since: finite,
  severity: fc.constantFrom('info', 'warning', 'critical'),
  confidence: ratio,
  parameters: fc.dictionary(labelKey, finite, { maxKeys: 4, noNullPrototype: true }),
});

/** Faults of a rack, one of a kind at most. */
export const anyRackFaults: fc.Arbitrary<readonly RackFault[]> = fc.uniqueArray(
  plainRecord<RackFault>({
    kind: fc.constantFrom(...SHARED_FAULT_KINDS),
    since: finite,
    severity: fc.constantFrom('info', 'warning', 'critical'),
    confidence: ratio,
    parameters: fc.dictionary(labelKey, finite, { maxKeys: 4, noNullPrototype: true }),
    server_ids: fc.uniqueArray(id, { maxLength: 40 }),
  }),
  { selector: ({ kind }) => kind, maxLength: 3 },
);

/** Verdicts of rack 1. */
export const anyVerdict: fc.Arbitrary<Verdict> = plainRecord({
  rack_id: fc.constant(1),
  server_id: id,
  name: fc.option(printable),
  status: fc.constantFrom('healthy', 'warning', 'critical', 'warming', 'silent'),
  spectral_error: fc.option(ratio),
  snr_db: fc.option(finite),
  loss_ratio: fc.option(ratio),
  delay_seconds: fc.option(finite),
  jitter_seconds: fc.option(positive),
  clock_skew_ppm: fc.option(finite),
  expected_frequency_hz: positive,
  sample_rate_hz: positive,
  last_heard: fc.option(finite),
  faults: fc.array(anyFault, { maxLength: 3 }),
});
