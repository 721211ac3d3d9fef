import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatusEvent } from '../../src/wire/api/datacenter-event.ts';
import { type RunningLab, startLab } from '../support/running-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What a healthy server's error may be in a running lab, on a machine that does other things too. */
const MAX_ERROR = 0.02;
const RACK_HTTP = 200;

/**
 * The running lab, broken on purpose. Nothing here depends on how fast the test is: delays are read from the timestamps
 * that the lab itself wrote.
 */
test('a lab of 4 × 8: an agent, a rack and the datacenter are killed, and all heals', async (context) => {
  const lab = await startLab(context, ['--restart-after', '15s']);

  await context.test('every server is healthy over a full window', async () => {
    const servers = await waitUntil('the windows are full', async () => {
      const healthy = await lab.untilHealthy(MAX_ERROR);
      const received = await lab.metric(RACK_HTTP, 'netwatch_packets_received_total', { server_id: 0 });
      return received >= 300 && healthy;
    });
    assert.equal(servers.length, 32);
    await scoreIs(lab, 1);
  });

  await context.test('an agent killed: its servers silent within 1 s, the rack at 0; back without loss', async () => {
    const lostBefore = await lab.metric(RACK_HTTP + 2, 'netwatch_packets_lost_total');
    process.kill(lab.pid('agent-2'), 'SIGKILL');
    const silenced = await eventsUntil(lab, 8, (event) => event.rack_id === 2 && event.to === 'silent');
    const { servers } = await waitUntil('the tree has the rack at 0', async () => {
      const rack = await lab.rack(2);
      return rack.health_score === 0 && rack;
    });
    for (const { server_id, timestamp } of silenced.filter(({ scope }) => scope === 'server')) {
      const verdict = servers.find((server) => server.server_id === server_id);
      const lastHeard = verdict?.last_heard ?? 0;
      // By the clock of the rack, which says itself how late it was.
      const lag = verdict?.faults.find(({ kind }) => kind === 'observer')?.parameters.lag_seconds ?? 0;
      assert.ok(
        timestamp - lastHeard <= 1 + lag,
        `server ${server_id} was called silent ${timestamp - lastHeard} s late`,
      );
    }
    await scoreIs(lab, 0.75);
    await lab.untilHealthy(MAX_ERROR);
    assert.equal(await lab.metric(RACK_HTTP + 2, 'netwatch_packets_lost_total'), lostBefore);
  });

  await context.test(
    "a rack killed: the datacenter's score drops by its share within 5 s, and comes back",
    async () => {
      process.kill(lab.pid('rack-1'), 'SIGKILL');
      const [silenced] = await eventsUntil(lab, 1, (event) => event.scope === 'rack' && event.to === 'silent');
      const { racks } = await lab.health();
      const lastReport = racks.find((rack) => rack.rack_id === 1)?.last_report ?? 0;
      const delay = (silenced?.timestamp ?? Infinity) - lastReport;
      assert.ok(delay <= 5, `the rack was called silent ${delay} s after its last report`);
      await scoreIs(lab, 0.75);
      await lab.untilHealthy(MAX_ERROR);
      await scoreIs(lab, 1);
    },
  );

  await context.test(
    'the datacenter away for 15 s: no report is lost, and what happened meanwhile keeps its time',
    async () => {
      const killedSeconds = Date.now() / 1000;
      process.kill(lab.pid('datacenter'), 'SIGKILL');
      process.kill(lab.pid('agent-3'), 'SIGKILL');
      const silenced = await eventsUntil(
        lab,
        8,
        ({ rack_id, scope, to }) => rack_id === 3 && scope === 'server' && to === 'silent',
      );
      for (const { timestamp } of silenced) {
        assert.ok(Math.abs(timestamp - killedSeconds) < 10, `silence was dated ${timestamp - killedSeconds} s off`);
      }
      await lab.untilHealthy(MAX_ERROR);
      assert.equal(await lab.metric(2, 'netwatch_reports_missed_total'), 0);
      for (const rack of [0, 1, 2, 3]) {
        // oxlint-disable-next-line no-await-in-loop -- one rack after the other
        assert.equal(await lab.metric(RACK_HTTP + rack, 'netwatch_reports_dropped_total'), 0);
        // oxlint-disable-next-line no-await-in-loop
        const received = await lab.metric(2, 'netwatch_reports_received_total', { rack_id: rack });
        assert.ok(received >= 15, `${received} reports of rack ${rack} are fewer than the outage had seconds`);
      }
    },
  );
});

/** Waits until the datacenter's score is this: what else the machine does may disturb the other racks for a moment. */
async function scoreIs(lab: RunningLab, score: number): Promise<void> {
  await waitUntil(`the score is ${score}`, async () => {
    return Math.abs(((await lab.health()).health_score ?? 0) - score) < MAX_ERROR;
  });
}

/** Waits for at least so many events of a kind. */
async function eventsUntil(
  lab: RunningLab,
  count: number,
  isWanted: (event: StatusEvent) => boolean,
): Promise<StatusEvent[]> {
  return waitUntil(`${count} events came`, async () => {
    const tree = await lab.healthIfReachable();
    if (!tree) return undefined;
    const events = (await lab.events()).filter(isWanted);
    return events.length >= count && events;
  });
}
