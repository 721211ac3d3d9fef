import type { Fault } from '../../core/verdict.ts';
import type { DatacenterEvent, FaultEvent } from '../../wire/api/datacenter-event.ts';

/** Of whom: a server, or a rack itself. */
export interface FaultSubject {
  readonly rackId: number;
  /** Null: the rack itself. */
  readonly serverId: number | null;
}

/** A fault, and how long it lasted. */
export interface FaultTime {
  /** As it was last told. */
  readonly fault: Fault;
  /** Unix seconds; null while it lasts. */
  readonly until: number | null;
}

/** Two of a kind whose beginnings are nearer to one another are one. */
const SAME_SECONDS = 0.5;

/**
 * The faults of a server or a rack, now and as far back as is remembered, in the order in which they began.
 * @param known.active what it has now, which is told sooner than an event and with newer figures
 * @param known.events newest first, of whomever
 */
export function faultTimes(
  subject: FaultSubject,
  known: { readonly active: readonly Fault[]; readonly events: readonly DatacenterEvent[] },
): readonly FaultTime[] {
  const past: FaultTime[] = [];
  const open = new Map<Fault['kind'], Fault>();
  for (const event of known.events.toReversed()) {
    if (event.scope !== 'fault' || !isOf(event, subject)) continue;
    const { fault } = event;
    if (event.to === 'begun') open.set(fault.kind, fault);
    else {
      open.delete(fault.kind);
      past.push({ fault, until: endOf(event) });
    }
  }
  for (const fault of known.active) open.set(fault.kind, fault);
  const lasting = [...open.values()].map((fault): FaultTime => ({ fault, until: null }));
  return [...past, ...lasting].filter(isLastOfItsKind).toSorted((a, b) => a.fault.since - b.fault.since);
}

/** One that was not told of for a moment, as while nothing was heard, and went on with the same beginning, is one. */
function isLastOfItsKind({ fault: { kind, since } }: FaultTime, at: number, all: readonly FaultTime[]): boolean {
  return !all.slice(at + 1).some(({ fault }) => fault.kind === kind && Math.abs(fault.since - since) < SAME_SECONDS);
}

function endOf({ timestamp, fault: { since, duration_seconds: duration } }: FaultEvent): number {
  return duration === null ? timestamp : since + duration;
}

function isOf({ rack_id: rackId, server_id: serverId }: FaultEvent, subject: FaultSubject): boolean {
  return rackId === subject.rackId && serverId === subject.serverId;
}
