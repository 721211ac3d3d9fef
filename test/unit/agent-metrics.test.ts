import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAgentMetrics } from '../../src/agent/agent-metrics.ts';
import { noChaosCounts } from '../../src/agent/chaos-counts.ts';

/** Server 6 loses packets on purpose. */
const CHAOS = { impaired: new Map([[1, null]]), counts: { ...noChaosCounts(), lost: 12, reordered: 3 } };

function metrics() {
  return createAgentMetrics({ rackId: 2, serverIds: [5, 6], version: '1.2.3', chaos: CHAOS });
}

test('every metric of the role is provided', () => {
  assert.deepEqual(metrics().registry.unprovided(), []);
});

test('samples are counted for each server, from 0', async () => {
  const agent = metrics();
  agent.countSample(1, 0);
  agent.countSample(1, 0);
  const text = await agent.registry.text();
  assert.match(text, /^netwatch_agent_samples_sent_total\{rack_id="2",server_id="5"\} 0$/m);
  assert.match(text, /^netwatch_agent_samples_sent_total\{rack_id="2",server_id="6"\} 2$/m);
});

test('lag falls into its bucket; early is not late, and beyond the last bound is only in the count', async () => {
  const agent = metrics();
  for (const lagSeconds of [-0.0015, 0.0005, 0.0011, 0.7]) agent.countSample(0, lagSeconds);
  const text = await agent.registry.text();
  const bucket = (bound: string) =>
    Number(new RegExp(`^netwatch_agent_schedule_lag_seconds_bucket\\{le="${bound}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  assert.deepEqual(['0.0005', '0.001', '0.002', '0.5', '\\+Inf'].map(bucket), [2, 2, 3, 3, 4]);
  const sum = Number(/^netwatch_agent_schedule_lag_seconds_sum (\S+)$/m.exec(text)?.[1]);
  assert.ok(Math.abs(sum - 0.7016) < 1e-12, String(sum));
});

test('errors are counted by code, those that no table knows as other', async () => {
  const agent = metrics();
  for (const code of ['ECONNREFUSED', 'ECONNREFUSED', 'ESURPRISE']) agent.countError(code);
  const text = await agent.registry.text();
  assert.match(text, /^netwatch_agent_send_errors_total\{code="ECONNREFUSED"\} 2$/m);
  assert.match(text, /^netwatch_agent_send_errors_total\{code="other"\} 1$/m);
  assert.match(text, /^netwatch_agent_send_errors_total\{code="ENOTFOUND"\} 0$/m);
});

test('what is broken on purpose shows for its server, and what was done to datagrams by action', async () => {
  const text = await metrics().registry.text();
  assert.match(text, /^netwatch_agent_chaos_active\{rack_id="2",server_id="5"\} 0$/m);
  assert.match(text, /^netwatch_agent_chaos_active\{rack_id="2",server_id="6"\} 1$/m);
  assert.match(text, /^netwatch_agent_chaos_packets_total\{action="lost"\} 12$/m);
  assert.match(text, /^netwatch_agent_chaos_packets_total\{action="reordered"\} 3$/m);
  assert.match(text, /^netwatch_agent_chaos_packets_total\{action="corrupted"\} 0$/m);
});
