import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRackMetrics } from '../../src/rack/rack-metrics.ts';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { parseExposition } from '../support/exposition.ts';
import { FakeRack } from '../support/fake-rack.ts';
import { ANNOUNCEMENT } from '../support/wire-values.ts';

function metricsOf(rack: FakeRack) {
  return createRackMetrics({
    rackId: 0,
    version: '1.2.3',
    listening: rack.listening,
    receiver: rack,
    reporter: { isConnected: true, sent: 7, dropped: 2, queued: 3, framesSent: 5, framesDropped: 1 },
    frames: { watched: 4 },
    incidents: {
      begun: 6,
      bytes: 9000,
      dropped: (reason) => (reason === 'too-often' ? 2 : 0),
      droppedRequests: (reason) => (reason === 'too-many' ? 3 : 0),
    },
  });
}

test('a rack provides every metric of the table that is its own', () => {
  assert.deepEqual(metricsOf(new FakeRack()).unprovided(), []);
});

test('what a rack exposes is what it heard', async () => {
  const rack = new FakeRack({ config: { expectedServerIds: [0, 1, 2] } });
  const announcement = { ...ANNOUNCEMENT, rackId: 0, serverId: 0, bootId: 1, frequencyHz: 1 };
  rack.receive(encodeAnnouncement(announcement, null));
  rack.sing([0, 1], 14);
  rack.sing([0], 2);
  rack.receive(Buffer.from('garbage'));
  for (const k of [5, 250, 251]) rack.receive(rack.datagram(0, k));
  rack.lag.note(0.003);
  rack.tick();
  const { value } = parseExposition(await metricsOf(rack).text());
  const ofServer = (name: string, server: number) => value(name, { rack_id: 0, server_id: server });

  assert.ok((ofServer('netwatch_server_spectral_error', 0) ?? 1) < 0.002);
  assert.deepEqual(
    [0, 1, 2].map((server) => ofServer('netwatch_server_up', server)),
    [1, 0, 0],
  );
  assert.deepEqual(
    [1, 2].map((server) => ofServer('netwatch_server_spectral_error', server)),
    [1, 1],
  );
  assert.equal(ofServer('netwatch_server_jitter_seconds', 1), null, 'what is not known is not exposed');
  const status = (server: number, of: string) =>
    value('netwatch_server_status', { rack_id: 0, server_id: server, status: of });
  assert.deepEqual([status(0, 'healthy'), status(0, 'silent'), status(0, 'warming')], [1, null, null]);
  assert.deepEqual([status(1, 'silent'), status(2, 'silent')], [1, 1], 'one that fell silent, and one that never came');
  const ofFault = (name: string, server: number, kind: string) => value(name, { rack_id: 0, server_id: server, kind });
  assert.equal(ofFault('netwatch_server_fault', 1, 'silent'), 1);
  assert.equal(ofFault('netwatch_server_fault_severity', 1, 'silent'), 2);
  assert.equal(ofFault('netwatch_server_fault_onset_timestamp_seconds', 1, 'silent'), rack.verdict(1)?.last_heard);
  assert.equal(ofFault('netwatch_server_fault', 0, 'silent'), null);
  assert.equal(value('netwatch_rack_fault', { rack_id: 0, kind: 'silent' }), null, 'it is one of three');
  assert.equal(ofServer('netwatch_packets_received_total', 0), 320);
  assert.equal(ofServer('netwatch_packets_received_total', 1), 280);
  assert.equal(ofServer('netwatch_packets_received_total', 2), null);
  assert.equal(ofServer('netwatch_packets_duplicate_total', 0), 2);
  assert.equal(ofServer('netwatch_packets_late_total', 0), 1);
  assert.equal(ofServer('netwatch_packets_lost_total', 0), 0);
  assert.equal(ofServer('netwatch_latency_ms_count', 0), 321, 'one observation a packet, the late one too');
  assert.equal(value('netwatch_latency_ms_bucket', { rack_id: 0, server_id: 0, le: 5 }), 320);
  assert.equal(value('netwatch_server_info', { rack_id: 0, server_id: 0, name: 'web-1', version: '0.1.0' }), 1);
  assert.equal(value('netwatch_rack_health_score', { rack_id: 0 }), rack.listening.score);
  assert.equal(value('netwatch_streams'), 2);
  assert.equal(value('netwatch_datagrams_rejected_total', { reason: 'too-short' }), 1);
  assert.equal(
    value('netwatch_datagrams_rejected_total', { reason: 'bad-tag' }),
    0,
    'every reason is there from the start',
  );
  assert.equal(value('netwatch_receiver_lag_seconds_count'), 1);
  assert.equal(value('netwatch_receiver_lag_seconds_bucket', { le: 0.005 }), 1);
  assert.equal(value('netwatch_receiver_lag_seconds_bucket', { le: 0.002 }), 0);
  assert.equal(value('netwatch_datacenter_connected'), 1);
  assert.equal(value('netwatch_reports_sent_total'), 7);
  assert.equal(value('netwatch_reports_dropped_total'), 2);
  assert.equal(value('netwatch_report_queue_length'), 3);
  assert.equal(value('netwatch_watched_servers'), 4);
  assert.equal(value('netwatch_frames_sent_total'), 5);
  assert.equal(value('netwatch_frames_dropped_total'), 1);
  assert.equal(value('netwatch_incidents_total'), 6);
  assert.equal(value('netwatch_incidents_bytes'), 9000);
  assert.equal(value('netwatch_incidents_dropped_total', { reason: 'too-often' }), 2);
  assert.equal(value('netwatch_incidents_dropped_total', { reason: 'write-failed' }), 0);
  assert.equal(value('netwatch_incident_requests_dropped_total', { reason: 'too-many' }), 3);
  assert.equal(value('netwatch_incident_requests_dropped_total', { reason: 'disconnected' }), 0);
  assert.equal(value('netwatch_build_info', { version: '1.2.3', role: 'rack' }), 1);
});

test('what most servers have at once is told of the rack, and of each of them as rack-wide', async () => {
  const rack = new FakeRack();
  rack.sing([0, 1, 2, 3], 14);
  rack.lag.note(0.03);
  rack.sing([3], 2);
  const { value, values } = parseExposition(await metricsOf(rack).text());
  const ofServer = (name: string, server: number) =>
    ['rack-wide', 'observer', 'silent'].map((kind) => value(name, { rack_id: 0, server_id: server, kind }));

  const lastHeard = rack.verdict(0)?.last_heard;
  for (const server of [0, 1, 2]) {
    assert.deepEqual(ofServer('netwatch_server_fault', server), [1, 1, null]);
    assert.deepEqual(ofServer('netwatch_server_fault_severity', server), [2, 0, null], 'the observer blames nobody');
  }
  assert.deepEqual(ofServer('netwatch_server_fault', 3), [null, 1, null]);
  assert.equal(ofServer('netwatch_server_fault_onset_timestamp_seconds', 0)[0], lastHeard);
  assert.equal(values('netwatch_server_fault').length, 7);
  assert.equal(value('netwatch_server_status', { rack_id: 0, server_id: 3, status: 'healthy' }), 1);

  const silent = { rack_id: 0, kind: 'silent' };
  assert.equal(value('netwatch_rack_fault', silent), 1);
  assert.equal(value('netwatch_rack_fault_severity', silent), 2);
  assert.equal(value('netwatch_rack_fault_onset_timestamp_seconds', silent), lastHeard);
  assert.equal(values('netwatch_rack_fault').length, 1);
});
