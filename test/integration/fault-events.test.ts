import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventPage } from '../../src/datacenter/event-filter.ts';
import type { FaultEvent } from '../../src/wire/api/datacenter-event.ts';
import { startControlled } from '../support/controlled-agent.ts';
import { runDatacenter } from '../support/datacenter-client.ts';
import { injectionOf, lossOf } from '../support/injections.ts';
import { runNetwatch } from '../support/netwatch-process.ts';
import { connectSocket } from '../support/socket-client.ts';
import { waitUntil } from '../support/wait-until.ts';

const LOSSY_SECONDS = 5;

test('an agent that loses samples for a while: its fault begins and ends, over HTTP and over the socket', async (context) => {
  const { datacenter, get } = await runDatacenter(context);
  const ports = ['--metrics-port', 0, '--udp-listen-port', 0, '--dc-controller-port', datacenter.reportPort];
  const rack = runNetwatch(context, 'rack', '--rack-id', 3, ...ports);
  const { udpPort } = await rack.logged('listening');
  assert.ok(typeof udpPort === 'number');
  const agent = await startControlled(context, { rackControllerPort: udpPort, sampleRateHz: 20 });
  const watcher = await connectSocket(context, datacenter.apiPort);
  watcher.say('subscribe', 'events');
  await waitUntil('both servers are judged', async () => {
    const answer = await get('/api/v1/racks/3');
    const { servers = [] } = (await answer.json()) as { servers?: { status: string }[] };
    return servers.length === 2 && servers.every(({ status }) => status !== 'warming');
  });

  const injectedSeconds = Date.now() / 1000;
  const phases = [{ seconds: LOSSY_SECONDS, impairment: lossOf(0.5) }];
  const { status } = await agent.put(injectionOf({ phases, durationSeconds: LOSSY_SECONDS }), '0');
  assert.equal(status, 200);

  const asked = async (to: string) => {
    const page = (await (await get(`/api/v1/events?fault=loss&rack=3&server=0&to=${to}`)).json()) as EventPage;
    const faults = page.events.filter((event) => event.scope === 'fault');
    // Oldest first; what a busy machine did before does not matter.
    return faults.filter(({ timestamp }) => timestamp > injectedSeconds).toReversed();
  };
  const begun = await waitUntil('the fault has begun', async () => (await asked('begun'))[0]);
  const ended = await waitUntil('the fault has ended', async () =>
    (await asked('ended')).find(({ timestamp }) => timestamp > begun.timestamp),
  );
  assert.equal(begun.fault.duration_seconds, null);
  assert.equal(ended.fault.duration_seconds, ended.timestamp - ended.fault.since);

  const told = (wanted: FaultEvent) =>
    watcher.heard(`${wanted.to} over the socket`, (said) => {
      if (said.type === 'hello' || !('topic' in said) || said.topic !== 'events' || said.type === 'problem')
        return false;
      return said.data.events.some(({ id }) => id === wanted.id);
    });
  for (const event of [begun, ended]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const said = await told(event);
    assert.ok(JSON.stringify(said).includes(JSON.stringify(event)));
  }
});
