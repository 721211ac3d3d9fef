import assert from 'node:assert/strict';
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
