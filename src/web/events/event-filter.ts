import { FAULT_KINDS, type FaultKind } from '../../core/verdict.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { isOfFault } from '../../wire/event-fault.ts';
import { eventWords, isIllEvent } from './event-words.ts';

export const SCOPES = ['server', 'rack', 'datacenter', 'fault', 'chaos'] as const;

export type Scope = (typeof SCOPES)[number];

/** Which events are shown. */
export interface EventFilter {
  /** Null: all of them, like every other null here. */
  readonly scope: Scope | null;
  /** Only faults of this kind. */
  readonly fault: FaultKind | null;
  readonly rackId: number | null;
  readonly serverId: number | null;
  /** In any letter case, all words of it; empty: any. */
  readonly text: string;
  readonly onlyIll: boolean;
}

/** The parameters of the URL. */
export const FILTER_PARAMETERS = ['scope', 'fault', 'rack', 'server', 'text', 'ill'] as const;

export type FilterParameters = Readonly<Record<(typeof FILTER_PARAMETERS)[number], string | null>>;

/** Reads the parameters; what cannot be is as if it was not there. */
export function filterOf({ scope, fault, rack, server, text, ill }: FilterParameters): EventFilter {
  return {
    scope: SCOPES.find((known) => known === scope) ?? null,
    fault: FAULT_KINDS.find((known) => known === fault) ?? null,
    rackId: idOf(rack),
    serverId: idOf(server),
    text: text?.trim() ?? '',
    onlyIll: ill === '1',
  };
}

/** What the controller sorts out itself; what it does not know (text) is left out. Empty: everything. */
export function apiQuery({ scope, fault, rackId, serverId, onlyIll }: EventFilter): Readonly<Record<string, string>> {
  return {
    ...(scope === null ? {} : { scope }),
    ...(fault === null ? {} : { fault }),
    ...(rackId === null ? {} : { rack: String(rackId) }),
    ...(serverId === null ? {} : { server: String(serverId) }),
    // What begins may be a fault, and the end of an injection may have failed, which is ill, too.
    ...(onlyIll ? { to: 'warning,degraded,critical,silent,begun,ended' } : {}),
  };
}

/** Whether an event is shown. Chaos belongs to every rack and server that it was done to. */
export function isShown(event: DatacenterEvent, filter: EventFilter): boolean {
  const { scope, fault, rackId, serverId, text, onlyIll } = filter;
  if (scope !== null && event.scope !== scope) return false;
  if (fault !== null && !isOfFault(event, [fault])) return false;
  if (onlyIll && !isIllEvent(event)) return false;
  if (!isOf(event, rackId, serverId)) return false;
  if (text === '') return true;
  const { who, what, detail } = eventWords(event);
  const sentence = `${who} ${what} ${detail}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => sentence.includes(word));
}

function isOf(event: DatacenterEvent, rackId: number | null, serverId: number | null): boolean {
  if (event.scope !== 'chaos') {
    return (rackId === null || event.rack_id === rackId) && (serverId === null || event.server_id === serverId);
  }
  if (rackId === null && serverId === null) return true;
  return event.chaos.servers.some(
    ({ rack_id: rack, server_ids: ids }) =>
      (rackId === null || rack === rackId) && (serverId === null || ids.includes(serverId)),
  );
}

function idOf(text: string | null): number | null {
  return text !== null && /^\d{1,5}$/.test(text) ? Number(text) : null;
}
