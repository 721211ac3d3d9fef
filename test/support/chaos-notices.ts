import type { ChaosEnd } from '../../src/wire/chaos-end.ts';
import type { KnownChaosNotice } from '../../src/wire/chaos-notice-schema.ts';
import { NOW_SECONDS } from './health-trees.ts';

/** A delay of 200 ms and a loss of 20 % on rack 0, which began 12 s ago and lasts a minute. */
export function noticeOf(changes: Partial<KnownChaosNotice> = {}): KnownChaosNotice {
  return {
    id: injectionId(1),
    target: 'lab',
    scope: 'rack 0',
    kinds: ['delay', 'loss'],
    description: 'delay 200 ms, loss 20 %',
    servers: [{ rack_id: 0, server_ids: [0, 1, 2] }],
    began_at: NOW_SECONDS - 12,
    until: NOW_SECONDS + 48,
    ...changes,
  };
}

/** Somebody ended that injection early. */
export function endOf(changes: Partial<ChaosEnd> = {}): ChaosEnd {
  return { id: injectionId(1), ended_at: NOW_SECONDS, reason: 'cleared', ...changes };
}

/** The id of the `number`th injection. */
export function injectionId(number: number): string {
  return number.toString(16).padStart(12, '0');
}
