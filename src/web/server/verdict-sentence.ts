import type { Fault, FaultKind, ServerStatus, Verdict } from '../../core/verdict.ts';
import type { ServerHistory } from '../../wire/api/history.ts';
import { serverWords } from '../words/server-words.ts';
import { NOTABLE_LOSS, NOTABLE_SECONDS } from '../words/trouble.ts';
import type { Heard } from './heard.ts';
import { agoWords, percentWords, periodWords, spanWords, timeWords, withUnit } from '../words/number-words.ts';

/** SNRs of this size are the end of the scale, not a measurement. */
const SNR_LIMIT_DB = 149.5;

const STATUS_WORDS: Readonly<Record<ServerStatus, string>> = {
  healthy: 'healthy',
  warning: 'impaired (warning)',
  critical: 'critical',
  warming: 'warming up',
  silent: 'silent',
};

const FAULT_WORDS: Readonly<Record<FaultKind, string>> = {
  silent: 'nothing is heard of it',
  loss: 'packets are lost',
  'burst-loss': 'packets are lost in bursts',
  'periodic-loss': 'packets are lost again and again',
  'delay-shift': 'the delay has changed',
  jitter: 'packets are shaken',
  'periodic-delay': 'it stalls again and again',
  congestion: 'a queue fills up on the way',
  reorder: 'packets overtake each other',
  duplicate: 'packets come twice',
  corrupt: 'packets are damaged',
  'clock-drift': 'its clock runs off',
  conflict: 'two agents claim its place',
  'rack-wide': 'most servers of its rack have the same trouble',
  observer: 'the rack controller itself was late, so this verdict is less sure',
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
  const since = verdict.status === 'healthy' ? '' : sinceWords(options);
  const [first = '', ...others] =
    verdict.status === 'healthy' ? healthyReasons(verdict, options.heard) : illReasons(verdict, options.heard);
  const reasons = [`${first}${since}`, ...others, toneReason(verdict)].filter((reason) => reason !== '');
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
  return `${who} is silent: last heard at ${timeWords(last)}, ${agoWords(nowSeconds - last)} ago.`;
}

function sinceWords({ verdict, history }: SentenceOptions): string {
  const faults = verdict?.faults.filter(({ severity }) => severity !== 'info') ?? [];
  const oldest = Math.min(...faults.map(({ since }) => since));
  if (Number.isFinite(oldest)) return ` since ${timeWords(oldest)}`;
  const since = verdict === null || history === null ? null : statusSince(history, verdict.status);
  if (since === null) return '';
  return since.isExact ? ` since ${timeWords(since.seconds)}` : ` since ${timeWords(since.seconds)} or before`;
}

function healthyReasons(verdict: Verdict, heard: Heard | null): string[] {
  const { spectral_error: error } = verdict;
  const [first, ...others] = notableFacts(verdict, heard);
  if (first !== undefined) return [`its error of ${percentWords(error)} is small, but ${first}`, ...others];
  return [error === null ? 'its tone arrives' : `its tone arrives whole but for ${percentWords(error)} of its power`];
}

function illReasons(verdict: Verdict, heard: Heard | null): string[] {
  const faults = verdict.faults.filter(({ severity }) => severity !== 'info').map(faultWords);
  const reasons = [...faults, ...notableFacts(verdict, heard)];
  if (reasons.length > 0) return reasons;
  const error = percentWords(verdict.spectral_error);
  return [`${error} of its signal’s power is destroyed, though hardly a packet is lost or late`];
}

/** What of the figures is worth a word, unless a fault says it. */
function notableFacts(verdict: Verdict, heard: Heard | null): string[] {
  const { loss_ratio: loss, jitter_seconds: jitter, delay_seconds: delay } = verdict;
  const facts: string[] = [];
  const isTold = (kind: FaultKind): boolean => verdict.faults.some((fault) => fault.kind === kind);
  if (loss !== null && loss >= NOTABLE_LOSS && !isTold('loss')) {
    facts.push(`${percentWords(loss)} of its packets are lost`);
  }
  if (jitter !== null && jitter >= NOTABLE_SECONDS && !isTold('jitter')) {
    facts.push(`packets are shaken by ${spanWords(jitter)}`);
  }
  if (delay !== null && Math.abs(delay) >= NOTABLE_SECONDS && !isTold('delay-shift')) {
    facts.push(`its packets come ${spanWords(Math.abs(delay))} ${delay > 0 ? 'later' : 'earlier'} than usual`);
  }
  return heard === null ? facts : [...facts, ...heardFacts(heard, isTold('periodic-delay') || isTold('periodic-loss'))];
}

function heardFacts({ lateRatio, worstLatenessSeconds, periodSeconds }: Heard, isPeriodTold: boolean): string[] {
  const facts: string[] = [];
  if (lateRatio >= NOTABLE_LOSS) {
    facts.push(`${percentWords(lateRatio)} of its packets come late, by up to ${spanWords(worstLatenessSeconds)}`);
  }
  if (periodSeconds !== null && !isPeriodTold) facts.push(`something happens every ${periodWords(periodSeconds)}`);
  return facts;
}

function faultWords({ kind, parameters }: Fault): string {
  const { loss_ratio: loss, period_seconds: period, shift_seconds: shift, jitter_seconds: jitter } = parameters;
  const words = FAULT_WORDS[kind];
  if (loss !== undefined && kind === 'loss') return `${percentWords(loss)} of its packets are lost`;
  const facts = [
    period === undefined ? '' : `every ${spanWords(period)}`,
    shift === undefined ? '' : `by ${spanWords(shift)}`,
    jitter === undefined ? '' : `by ${spanWords(jitter)}`,
  ].filter((fact) => fact !== '');
  return [words, ...facts].join(', ');
}

function toneReason({ snr_db: snr }: Verdict): string {
  if (snr === null) return '';
  if (snr <= -SNR_LIMIT_DB) return 'what is heard is not its tone';
  if (snr >= SNR_LIMIT_DB) return 'no noise is heard beside the tone';
  if (Math.abs(snr) < 0.05) return 'tone and noise are equally strong';
  const height = withUnit(Math.abs(snr), 'dB');
  return snr > 0 ? `the tone stands ${height} above the noise` : `the noise stands ${height} above the tone`;
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
