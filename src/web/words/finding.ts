import type { ShownStatus } from '../status/shown-status.ts';
import { agoWords, timeWords } from './number-words.ts';

/** One sentence of what is wrong. */
export interface Finding {
  /** The same as long as it is about the same, whatever is measured meanwhile. */
  readonly key: string;
  readonly rackId: number;
  /** Null: several servers of the rack, or all of it. */
  readonly serverId: number | null;
  readonly status: ShownStatus;
  /** `Rack 2, server 5 (db-17)`. */
  readonly who: string;
  /** `20.3 % of its packets are lost`. */
  readonly what: string;
  /** Unix seconds since when; null where it is not remembered. */
  readonly since: number | null;
  readonly certainty: string | null;
  /** Where it is told what to do; null: nowhere. */
  readonly help: Help | null;
}

/** What to do, and the page that says more. */
export interface Help {
  readonly text: string;
  /** Path of a page of the controller. */
  readonly path: string;
}

/** A finding with what it is sorted by: its class, then how much it counts. */
export interface Ranked extends Finding {
  readonly rank: number;
  readonly weight: number;
}

/** Which status is worse. */
export const RANK: Readonly<Record<ShownStatus, number>> = {
  healthy: 0,
  warming: 0,
  unknown: 0,
  warning: 1,
  critical: 2,
  silent: 3,
};

/** The whole sentence, for who hears it and for a tooltip. `now`: Unix seconds. */
export function sentenceOf({ who, what, since, certainty }: Finding, now: number): string {
  const when = since === null ? '' : `${sinceWord(certainty)} ${timeWords(since)}, for ${agoWords(now - since)}`;
  return `${who}: ${what}${when}.${certainty === null ? '' : ` ${capital(certainty)}.`}`;
}

/** What joins a finding and its time: the words of a fault have commas of their own. */
export function sinceWord(certainty: string | null): string {
  return certainty === null ? ' since' : ', since';
}

/** `p = 1e−9` stays as it is. */
export function capital(words: string): string {
  return words.startsWith('p ') ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The worst of these statuses; healthy where there are none. */
export function worstOf(statuses: readonly ShownStatus[]): ShownStatus {
  return statuses.reduce((a, b) => (RANK[b] > RANK[a] ? b : a), 'healthy');
}

/** Of those as ill, what several servers have comes first. */
export function rankOfMany(status: ShownStatus): number {
  return status === 'healthy' ? RANK.healthy : RANK[status] + 0.5;
}

/** A finding of which only what differs is given. */
export function finding(
  of: Pick<Ranked, 'key' | 'rackId' | 'who' | 'status' | 'what' | 'since' | 'rank' | 'weight'> & Partial<Ranked>,
): Ranked {
  return { serverId: null, certainty: null, help: null, ...of };
}
