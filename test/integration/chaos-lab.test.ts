import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLabTarget } from '../../src/chaos/targets/lab.ts';
import type { Target } from '../../src/chaos/target.ts';
import { injectionOf } from '../support/injections.ts';
import { type RunningLab, startLab } from '../support/running-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What a healthy server's error may be in a running lab, on a machine that does other things too. */
const MAX_ERROR = 0.02;
const LOSS = 0.2;
const WINDOW_SAMPLES = 256;
const AGENT_HTTP = 300;
/** With it every server of rack 0 loses 15 to 25 % of any 256 samples in a row, for more than a minute. */
const SEED = 107;

const signal = new AbortController().signal;

test('20 % loss on a rack of a lab shows as an error of 0.2, and is gone after the clear', async (context) => {
  const lab = await startLab(context, ['--racks', '2', '--servers', '4', '--restart-after', '1s']);
  const target = createLabTarget({ labFile: await lab.file() });
  const all = await target.list(signal);
  assert.equal(all.length, 8);
  const rack = all.filter(({ rackId }) => rackId === 0);
  await lab.untilHealthy(MAX_ERROR);

  const injection = injectionOf({ seed: SEED, durationSeconds: null });
  const outcomes = await target.apply(injection, rack, signal);
  assert.deepEqual(
    outcomes,
    rack.map((server) => ({ server, problem: null })),
  );
  assert.deepEqual(await heldOn(target), ['0/0', '0/1', '0/2', '0/3']);
  const begun = await sentBy(lab);
  await waitUntil(
    'the window is of the lossy time alone',
    async () => (await sentBy(lab)) > begun + WINDOW_SAMPLES + 20,
  );
  const broken = await waitUntil('each of its servers has an error near 0.2', async () => {
    const errors = await errorsOf(lab, 0);
    return errors.every((error) => Math.abs(error - LOSS) <= 0.05) && errors;
  });
  context.diagnostic(`errors with 20 % loss: ${broken.map((error) => error.toFixed(3)).join(', ')}`);
  const others = await errorsOf(lab, 1);
  assert.ok(
    others.every((error) => error <= 0.1),
    `the other rack has errors of ${others.join(', ')}`,
  );

  const cleared = await target.clear(all, { id: injection.id, signal });
  assert.ok(cleared.every(({ problem }) => problem === null));
  assert.deepEqual(await heldOn(target), []);
  const healed = await lab.untilHealthy(MAX_ERROR);
  context.diagnostic(`errors after the clear: ${healed.map(({ spectral_error: e }) => e?.toFixed(4)).join(', ')}`);

  await context.test('an agent that is restarted has no injection any more', async () => {
    await target.apply(injection, rack, signal);
    process.kill(lab.pid('agent-0'), 'SIGKILL');
    // Until then its kernel may still take a connection, which breaks off.
    await lab.line(/agent-0 ended unexpectedly/);
    assert.deepEqual(await waitUntil('nothing is held', async () => (await heldOn(target)).length === 0), true);
    const again = await waitUntil('it takes injections again', async () => {
      const [outcome] = await target.apply(injection, rack, signal);
      return outcome?.problem === null;
    });
    assert.ok(again);
    assert.deepEqual(await heldOn(target), ['0/0', '0/1', '0/2', '0/3']);
  });
  await target.close();
});

/** Samples that the agent of rack 0 has sent for its first server. */
function sentBy(lab: RunningLab): Promise<number> {
  return lab.metric(AGENT_HTTP, 'netwatch_agent_samples_sent_total', { server_id: 0 });
}

/** `rack/server` of whatever is injected. */
async function heldOn(target: Target): Promise<string[]> {
  const held = await target.status(signal);
  assert.ok(held.every(({ state }) => state === 'active'));
  return held.map(({ server }) => `${server.rackId}/${server.serverId}`);
}

async function errorsOf(lab: RunningLab, rackId: number): Promise<number[]> {
  return (await lab.rack(rackId)).servers.map((server) => server.spectral_error ?? NaN);
}
