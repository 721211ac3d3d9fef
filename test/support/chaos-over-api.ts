import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createApiControl } from '../../src/chaos/api-control.ts';
import { writeLabFile } from '../../src/io/lab-files.ts';
import type { LabFile } from '../../src/wire/lab-file.ts';
import { openChaos } from './chaos-datacenter.ts';
import { FakeTarget, servers } from './fake-chaos-target.ts';
import { NOW_SECONDS } from './health-trees.ts';

const INJECTIONS = '/api/v1/chaos/injections';

/** A body that is taken: 20 % loss on rack 0 for a minute. */
export const LOSS = { rack_ids: [0], server_ids: null, inject: { loss: '20%' }, duration: '60s' };

/** A datacenter whose lab, 2 racks of 3 servers, is a fake; the clock of both stands until it is set. */
export async function openChaosOverApi(
  context: TestContext,
  options: { readonly isolation?: LabFile['isolation']; readonly isWritten?: boolean } = {},
) {
  const { isolation = 'none', isWritten = true } = options;
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-api-chaos-'));
  context.after(() => rm(directory, { recursive: true }));
  const { pid } = process;
  const nothing = { agents: [], namespaces: [] };
  const file = {
    version: 1,
    pid,
    api_url: 'http://127.0.0.1:1',
    token: 'x'.repeat(32),
    isolation,
    ...nothing,
  } as const;
  const labFile = isWritten ? (await writeLabFile({ directory, file })).path : join(directory, 'none.json');
  const target = new FakeTarget(servers(2, 3));
  let nowSeconds = NOW_SECONDS;
  const chaosControl = createApiControl({ labFile, nowSeconds: () => nowSeconds, openTarget: () => target });
  const datacenter = openChaos({ chaosControl });
  return {
    ...datacenter,
    target,
    /** Sets both clocks. */
    setTime(seconds: number) {
      nowSeconds = seconds;
      datacenter.time.seconds = seconds;
    },
    inject: (body: unknown, sent = {}) => datacenter.ask('POST', INJECTIONS, { body: JSON.stringify(body), ...sent }),
    clear: (id: string | null, sent = {}) =>
      datacenter.ask('DELETE', id === null ? INJECTIONS : `${INJECTIONS}/${id}`, sent),
  };
}
