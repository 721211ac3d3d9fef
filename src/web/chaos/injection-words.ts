import type { ChaosNotice } from '../../wire/chaos-notice.ts';
import type { InjectRequest } from '../../wire/api/chaos-control.ts';
import { timeWords } from '../words/number-words.ts';

/** Who injects, by the target of a notice. */
const INJECTORS: Readonly<Record<string, string>> = {
  lab: 'the lab’s own agents',
  netns: 'tc in the namespaces of the lab',
  docker: 'a helper container',
  kubernetes: 'an ephemeral container',
};

/** By what means it is done: `the lab’s own agents`. */
export function injectorWords({ target }: Pick<ChaosNotice, 'target'>): string {
  return INJECTORS[target] ?? target;
}

/** When it ends: `0:42 left, until 12:04:11`. Times in Unix seconds, one clock. */
export function endWords({ until }: Pick<ChaosNotice, 'until'>, nowSeconds: number): string {
  if (until === null) return 'until it is undone';
  return `${countdownWords(until - nowSeconds)} left, until ${timeWords(until)}`;
}

/** `0:42`, `12:05`, `1:00:00`; never below zero. */
export function countdownWords(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}

/** Those that are active still. Theirs and the page's clock are not quite the same: a second of grace. */
export function activeAt(injections: readonly ChaosNotice[], nowSeconds: number): readonly ChaosNotice[] {
  return injections.filter(({ until }) => until === null || until > nowSeconds - 1);
}

/** Those that a request would take the place of, wholly or in part: on each server the newest holds. */
export function replacedBy(
  { rack_ids: rackIds, server_ids: serverIds }: Pick<InjectRequest, 'rack_ids' | 'server_ids'>,
  injections: readonly ChaosNotice[],
): readonly ChaosNotice[] {
  return injections.filter(({ servers }) =>
    servers.some(
      ({ rack_id: rackId, server_ids: ids }) =>
        rackIds.includes(rackId) && (serverIds === null || ids.some((id) => serverIds.includes(id))),
    ),
  );
}
