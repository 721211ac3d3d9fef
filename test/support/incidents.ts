import type { Incident } from '../../src/wire/api/incident.ts';

/** A capsule of a server whose delay shifted. */
export const INCIDENT: Incident = {
  type: 'incident',
  incident_id: '20270115T080000.250Z-s3-delay-shift',
  rack_id: 1,
  server_id: 3,
  name: 'web-03',
  kind: 'delay-shift',
  severity: 'warning',
  since: 1_800_000_000,
  detected: 1_800_000_000.25,
  expected_frequency_hz: 1.35,
  sample_rate_hz: 20,
  window_slots: 256,
  version: '0.1.0',
};
