import { scopeText } from '../select-servers.ts';
import { rangesText } from '../server-ids.ts';
import type { TargetServer } from '../target.ts';
import type { Subject } from './plan-scenario.ts';

/** Whose health it is, in words: `rack 0 server 3`, `racks 0-3`, `the datacenter`. */
export function subjectsText(subjects: readonly Subject[], all: readonly TargetServer[]): string {
  const [first] = subjects;
  if (first === undefined || first.rackId === null) return 'the datacenter';
  if (first.serverId === null) {
    const ids = subjects.flatMap(({ rackId }) => rackId ?? []);
    return `${ids.length === 1 ? 'rack' : 'racks'} ${rangesText(ids)}`;
  }
  const meant = all.filter(({ rackId, serverId }) =>
    subjects.some((subject) => subject.rackId === rackId && subject.serverId === serverId),
  );
  return scopeText(meant, all);
}
