import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createAnnouncer } from '../../src/chaos/announcer.ts';
import { runInjection } from '../../src/chaos/run-injection.ts';
import { chaosSpec } from '../../src/config/chaos.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { noticeOf } from './chaos-notices.ts';
import { runDatacenter } from './datacenter-client.ts';
import { FakeTarget, servers } from './fake-chaos-target.ts';
import { lossOf } from './injections.ts';

const TOKEN = 'integration-test-token-0123456789abcdef';

/** A target of two racks of two servers, and a datacenter that is told of it. */
export async function openTold(context: TestContext) {
  const { apiUrl, ask } = await startDatacenter(context);
  const target = new FakeTarget(servers(2, 2));
  const told: string[] = [];
  const sink = {
    write: (text: string) => {
      told.push(text);
      return true;
    },
  };
  const common = {
    reach: { target, apiUrl, token: TOKEN, untoldReason: null },
    output: { stdout: sink, stderr: sink, json: false, showsProgress: false },
    signal: new AbortController().signal,
  };
  return {
    target,
    common,
    /** Everything that the commands wrote. */
    said: () => told.join(''),
    inject: (flags: Readonly<Record<string, unknown>>) => {
      const config = loadConfig(chaosSpec, { flags: { rack: ['0'], loss: '5', ...flags }, env: {}, file: undefined });
      return runInjection({ ...common, config, impairment: lossOf(0.05) });
    },
    ...announcements(apiUrl),
    ...views(ask),
  };
}

async function startDatacenter(context: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(directory, { recursive: true }));
  const controlTokenFile = join(directory, 'control.token');
  await writeFile(controlTokenFile, TOKEN, { mode: 0o600 });
  const { datacenter, get } = await runDatacenter(context, { controlTokenFile });
  const ask = async (path: string): Promise<unknown> => (await get(path)).json();
  return { apiUrl: `http://127.0.0.1:${datacenter.apiPort}`, ask };
}

/** What others tell the datacenter. */
function announcements(apiUrl: string) {
  const announcer = createAnnouncer({ apiUrl, token: TOKEN });
  return {
    announce: async (changes: Partial<ChaosNotice> & { readonly id: string }) => {
      const now = Date.now() / 1000;
      const shape = { servers: [{ rack_id: 0, server_ids: [0, 1] }], began_at: now, until: null };
      assert.equal(await announcer.begin({ ...noticeOf(), ...shape, ...changes }), null);
    },
    announceEnd: async (id: string) => {
      assert.equal(await announcer.end({ id, ended_at: Date.now() / 1000, reason: 'cleared' }), null);
    },
  };
}

/** What the datacenter says. */
function views(ask: (path: string) => Promise<unknown>) {
  const shown = async (): Promise<readonly ChaosNotice[]> => {
    const { injections } = (await ask('/api/v1/chaos')) as { injections: ChaosNotice[] };
    return injections;
  };
  return {
    active: async () => (await shown()).map(({ id }) => id),
    /** Where each injection is, as the datacenter shows it. */
    places: async () => (await shown()).map(({ scope, servers: on }) => ({ scope, on })),
    /** Why what is over has ended. */
    reasons: async () => {
      const { events } = (await ask('/api/v1/events')) as { events: DatacenterEvent[] };
      return events.flatMap((event) => (event.scope === 'chaos' && event.to === 'ended' ? [event.chaos.reason] : []));
    },
  };
}
