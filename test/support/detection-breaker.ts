import assert from 'node:assert/strict';
import { readRequest } from '../../src/chaos/api-request.ts';
import type { Target } from '../../src/chaos/target.ts';
import type { InjectRequest } from '../../src/wire/api/chaos-control.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import type { LabFile } from '../../src/wire/lab-file.ts';

/** What is done to servers, in the words of scenarios. */
export type Words = Pick<InjectRequest, 'inject' | 'pulse'>;

/** Servers of one rack. */
export interface Servers {
  readonly rackId: number;
  readonly serverIds: readonly number[];
}

/** A fault that is in force. */
export interface Injected {
  /** Unix seconds. */
  readonly beganSeconds: number;
  readonly clear: () => Promise<void>;
}

/** Breaks servers, in place of what was done to them before. */
export type Break = (servers: Servers, words: Words) => Promise<Injected>;

const DURATION = '20m';

/** Through the API of a lab, as its dashboard does. */
export function breakThroughApi({ token, api_url: apiUrl }: Pick<LabFile, 'token' | 'api_url'>): Break {
  const ask = async (method: string, path: string, body?: InjectRequest): Promise<unknown> => {
    const response = await fetch(`${apiUrl}/api/v1/chaos/injections${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    assert.ok(response.ok, JSON.stringify(answer));
    return answer;
  };
  return async ({ rackId, serverIds }, words) => {
    const request = { rack_ids: [rackId], server_ids: serverIds, ...words, duration: DURATION };
    const { id, began_at: beganSeconds } = (await ask('POST', '', request)) as ChaosNotice;
    return { beganSeconds, clear: async () => void (await ask('DELETE', `/${id}`)) };
  };
}

/** Through a target, as `netwatch chaos` does. */
export function breakThroughTarget(target: Target, signal: AbortSignal): Break {
  return async ({ rackId, serverIds }, words) => {
    const read = readRequest({ rack_ids: [rackId], server_ids: serverIds, ...words, duration: DURATION });
    assert.ok(read.kind === 'injection', JSON.stringify(read));
    const all = await target.list(signal);
    const servers = all.filter((server) => server.rackId === rackId && serverIds.includes(server.serverId));
    const none = servers.map((server) => ({ server, problem: null }));
    assert.deepEqual(await target.apply(read.injection, servers, signal), none);
    const { id } = read.injection;
    return {
      beganSeconds: Date.now() / 1000,
      clear: async () => assert.deepEqual(await target.clear(servers, { id, signal }), none),
    };
  };
}
