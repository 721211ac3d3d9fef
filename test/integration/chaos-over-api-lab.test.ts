import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChaosStatus, ClearAnswer } from '../../src/wire/api/chaos-control.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { startLab } from '../support/running-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What a healthy server's error may be in a running lab, on a machine that does other things too. */
const MAX_ERROR = 0.02;
const AGENT_HTTP = 300;
const WINDOW_SAMPLES = 256;

test('20 % loss over the API of a lab is an error near 0.2, ends by itself or is cleared, and is all or nothing', async (context) => {
  const lab = await startLab(context, ['--racks', '2', '--servers', '4', '--restart-after', '0s']);
  const { token, api_url: apiUrl } = await lab.file();
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${apiUrl}/api/v1/chaos${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return response.json();
  };
  const inject = (body: object) => ask('POST', '/injections', { rack_ids: [0], server_ids: null, ...body });
  const active = async () => ((await ask('GET', '')) as ChaosStatus).injections.map(({ id }) => id);
  /** Servers of rack 0 that their agent breaks now, by its own metrics. */
  const broken = () => lab.metric(AGENT_HTTP, 'netwatch_agent_chaos_active');
  const meanError = async (): Promise<number> => {
    const errors = (await lab.rack(0)).servers.map((server) => server.spectral_error ?? NaN);
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };
  const sent = () => lab.metric(AGENT_HTTP, 'netwatch_agent_samples_sent_total', { server_id: 0 });
  await lab.untilHealthy(MAX_ERROR);

  await context.test('it breaks and heals', async () => {
    const notice = (await inject({ inject: { loss: '20%' }, duration: '10m' })) as ChaosNotice;
    assert.deepEqual(await active(), [notice.id]);
    assert.equal(await broken(), 4);
    const begun = await sent();
    await waitUntil('the window is of the lossy time alone', async () => (await sent()) > begun + WINDOW_SAMPLES + 20);
    // Losses are drawn anew each time: the mean of 4 × 256 samples is nearer to 0.2 than this, but for one in 10,000.
    const error = await waitUntil('the mean error is near 0.2', async () => {
      const mean = await meanError();
      return Math.abs(mean - 0.2) <= 0.06 && mean;
    });
    context.diagnostic(`mean error with 20 % loss: ${error.toFixed(3)}`);
    assert.deepEqual(await ask('DELETE', `/injections/${notice.id}`), {
      cleared_ids: [notice.id],
    } satisfies ClearAnswer);
    assert.deepEqual([await active(), await broken()], [[], 0]);
    await lab.untilHealthy(MAX_ERROR);
    context.diagnostic(`mean error after the clear: ${(await meanError()).toFixed(4)}`);
  });

  await context.test('it ends by itself, in the agents too', async () => {
    const notice = (await inject({ inject: { delay: '5ms' }, duration: '1s' })) as ChaosNotice;
    assert.ok(notice.until !== null && notice.until - notice.began_at === 1);
    await waitUntil('it is not shown any more', async () => (await active()).length === 0);
    await waitUntil('the agent has ended it', async () => (await broken()) === 0);
  });

  await context.test('an agent that is dead: nothing is injected anywhere, and the answer says why', async () => {
    process.kill(lab.pid('agent-1'), 'SIGKILL');
    // Until then its kernel may still take a connection, which breaks off.
    await lab.line(/agent-1 ended unexpectedly/);
    const refused = (await inject({ rack_ids: [0, 1], inject: { loss: 20 }, duration: '10m' })) as { detail: string };
    assert.match(
      refused.detail,
      /^Nothing was injected: rack 1 servers 0-3: agent-1 does not run \(nobody listens at /,
    );
    assert.deepEqual([await active(), await broken()], [[], 0]);
  });
});
