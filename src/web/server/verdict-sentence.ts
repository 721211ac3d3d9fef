import type { RackFault, ServerStatus, Verdict } from '../../core/verdict.ts';
import type { ServerHistory } from '../../wire/api/history.ts';
import { isRackWide } from '../words/fault-order.ts';
import { serverWords } from '../words/server-words.ts';
import type { Heard } from './heard.ts';
import { agoWords, timeWords } from '../words/number-words.ts';
import { verdictReasons } from './verdict-reasons.ts';

const STATUS_WORDS: Readonly<Record<ServerStatus, string>> = {
  healthy: 'healthy',
  warning: 'impaired (warning)',
  critical: 'critical',
  warming: 'warming up',
  silent: 'silent',
};

/** What is said of a server. */
export interface VerdictWords {
  /** One sentence: what it is and why. */
  readonly sentence: string;
  /** What should be known to read the figures rightly, a sentence each. */
  readonly notes: readonly string[];
}

export interface SentenceOptions {
  readonly rackId: number;
  readonly serverId: number;
  readonly verdict: Verdict | null;
  /** What its rack has, and how many servers that has; null while the rack is not known. */
  readonly rack: { readonly faults: readonly RackFault[]; readonly servers: { readonly length: number } } | null;
  readonly history: ServerHistory | null;
  /** What the newest frame says besides; null while there is none. */
  readonly heard: Heard | null;
  /** Unix seconds. */
  readonly nowSeconds: number;
  /** Unix seconds, of when the verdict is while nothing newer can be known; null or left out: it is of now. */
  readonly pastAtSeconds?: number | null;
}

/** Says what a server's verdict is and why, and what cannot be known. */
export function verdictWords(options: SentenceOptions): VerdictWords {
  const { rackId, serverId, verdict } = options;
  const who = serverWords(rackId, serverId, verdict?.name ?? null);
  if (verdict === null || (verdict.last_heard === null && verdict.status !== 'silent')) {
    return { sentence: `${who} has not been heard yet.`, notes: [] };
  }
  const pastAt = options.pastAtSeconds ?? null;
  if (pastAt !== null)
    return { sentence: `${who} was ${STATUS_WORDS[verdict.status]} at ${timeWords(pastAt)}.`, notes: [] };
  if (verdict.status === 'warming') {
    return { sentence: `${who} is warming up: too few samples were heard to judge it yet.`, notes: [] };
  }
  if (verdict.status === 'silent') return { sentence: silentSentence(who, options), notes: [] };
  const since = sinceWords(verdict, options.history);
  const reasons = verdictReasons({ verdict, rack: options.rack, heard: options.heard, since });
  return { sentence: `${who} is ${STATUS_WORDS[verdict.status]}: ${reasons.join('; ')}.`, notes: clockNotes(verdict) };
}

/**
 * When the status that a server has now began, unix seconds, as far as is remembered; `isExact` is false where it began
 * before the first that is.
 */
export function statusSince(
  history: ServerHistory,
  status: Verdict['status'],
): { seconds: number; isExact: boolean } | null {
  let at = history.status.length;
  while (at > 0 && history.status[at - 1] === status) at--;
  const seconds = history.timestamps[at];
  return seconds === undefined ? null : { seconds, isExact: at > 0 };
}

function silentSentence(who: string, { verdict, nowSeconds }: SentenceOptions): string {
  const last = verdict?.last_heard ?? null;
  if (last === null) return `${who} is silent: it is expected, and was never heard.`;
  const withRack = verdict !== null && isRackWide(verdict) ? ', with most of its rack' : '';
  return `${who} is silent${withRack}: last heard at ${timeWords(last)}, ${agoWords(nowSeconds - last)} ago.`;
}

/** Of what measures tell, since when the status is; empty where that is not known. */
function sinceWords(verdict: Verdict, history: ServerHistory | null): string {
  const since = history === null ? null : statusSince(history, verdict.status);
  if (since === null) return '';
  return since.isExact ? ` since ${timeWords(since.seconds)}` : ` since ${timeWords(since.seconds)} or before`;
}

function clockNotes({ delay_seconds: delay, clock_skew_ppm: skew, faults }: Verdict): string[] {
  const notes: string[] = [];
  if (delay !== null) {
    notes.push('One-way delay is relative: the two clocks are not synchronised, so only its change is known.');
  } else {
    notes.push('The change of the one-way delay is not known: there is no baseline to compare it with now.');
  }
  if (skew === null) notes.push('The clock skew is not known yet: it takes minutes to learn.');
  if (faults.some(({ kind }) => kind === 'observer')) {
    notes.push('The rack controller itself was late: what looks like jitter may be its own.');
  }
  return notes;
}
