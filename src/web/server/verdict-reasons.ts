import type { Fault, FaultKind, RackFault, Verdict } from '../../core/verdict.ts';
import { faultCertainty, faultClause, rackFaultPhrase } from '../../words/fault-words.ts';
import { isGrave, isRackWide, ownFaults, sharedFaults } from '../words/fault-order.ts';
import { destroyedWords, NOTABLE_LOSS, NOTABLE_SECONDS } from '../words/measured-trouble.ts';
import { NARROW_SPACE, percentWords, periodWords, spanWords, timeWords, withUnit } from '../words/number-words.ts';
import type { Heard } from './heard.ts';

/** SNRs of this size are the end of the scale, not a measurement. */
const SNR_LIMIT_DB = 149.5;
/** Below, the error alone is healthy. */
const WARNING_ERROR = 0.2;

/** Faults that began within this of one another began at once. */
const AT_ONCE_SECONDS = 2;

/** Which measures a fault explains: they are not told beside it. */
const EXPLAINED: Readonly<Record<'loss' | 'jitter' | 'delay', ReadonlySet<FaultKind>>> = {
  loss: new Set<FaultKind>(['loss', 'burst-loss', 'periodic-loss', 'congestion']),
  jitter: new Set<FaultKind>(['jitter', 'delay-shift', 'periodic-delay', 'congestion', 'reorder']),
  delay: new Set<FaultKind>(['delay-shift', 'jitter', 'periodic-delay', 'congestion', 'clock-drift']),
};

export interface ReasonOptions {
  readonly verdict: Verdict;
  /** What its rack has, and how many servers that has; null while the rack is not known. */
  readonly rack: { readonly faults: readonly RackFault[]; readonly servers: { readonly length: number } } | null;
  readonly heard: Heard | null;
  /** Of what no fault tells: ` since 12:03:11`, or nothing. */
  readonly since: string;
}

/** Why a server that is heard has the status it has, the main reason first. */
export function verdictReasons(options: ReasonOptions): readonly string[] {
  const { verdict } = options;
  const own = ownFaults(verdict);
  const notes = own.filter((fault) => !isGrave(fault)).map((fault) => `worth a look: ${faultReason(fault)}`);
  const reasons = verdict.status === 'healthy' ? healthyReasons(options) : illReasons(options, own.filter(isGrave));
  return [...reasons, ...notes, toneReason(verdict)].filter((reason) => reason !== '');
}

function healthyReasons({ verdict, heard, rack }: ReasonOptions): readonly string[] {
  const { spectral_error: error } = verdict;
  const shared = rackReasons(verdict, rack).map((reason) => `worth a look: ${reason}`);
  const [first, ...others] = notableFacts(verdict, { heard, rack });
  if (first !== undefined) return [`its error of ${percentWords(error)} is small, but ${first}`, ...others, ...shared];
  const whole =
    error === null ? 'its tone arrives' : `its tone arrives whole but for ${percentWords(error)} of its power`;
  return [whole, ...shared];
}

function illReasons({ verdict, heard, rack, since }: ReasonOptions, grave: readonly Fault[]): readonly string[] {
  const { spectral_error: error } = verdict;
  const faults = [...briefly(grave), ...rackReasons(verdict, rack)];
  const facts = notableFacts(verdict, { heard, rack });
  if (faults.length > 0) return [...faults, ...facts, errorReason(error)];
  const [first = `${destroyedWords(error)}, though hardly a packet is lost or late`, ...others] = facts;
  return [first + since, ...others];
}

/** That the signal is as good as it is, so that a status that a fault has made contradicts nothing. */
function errorReason(error: number | null): string {
  if (error === null) return '';
  return error < WARNING_ERROR ? `its error of ${percentWords(error)} alone would be healthy` : destroyedWords(error);
}

/** The worst in full; of the others that began with it the list of faults says the rest. */
function briefly(faults: readonly Fault[]): readonly string[] {
  const [worst, ...others] = faults;
  if (worst === undefined) return [];
  const isAtOnce = ({ since }: Fault): boolean => Math.abs(since - worst.since) <= AT_ONCE_SECONDS;
  const said = others.map((fault) => (isAtOnce(fault) ? faultClause(fault, NARROW_SPACE) : faultReason(fault)));
  return [faultReason(worst), ...said];
}

/** `it stalls every 5.0 s, by 20 ms for 300 ms, since 12:03:11 (p = 1e−9)`. */
function faultReason(fault: Fault): string {
  return `${faultClause(fault, NARROW_SPACE)}, since ${timeWords(fault.since)} (${faultCertainty(fault, NARROW_SPACE)})`;
}

function rackReasons(verdict: Verdict, rack: ReasonOptions['rack']): readonly string[] {
  const told = verdict.faults.find(({ kind }) => kind === 'rack-wide');
  if (told === undefined) return [];
  const shared = rack === null ? [] : sharedFaults(verdict, rack.faults);
  if (rack === null || shared.length === 0) return [faultReason(told)];
  return shared.map((fault) => {
    const phrase = rackFaultPhrase(fault, rack.servers.length, NARROW_SPACE);
    return `its rack has ${phrase}, since ${timeWords(fault.since)} (${faultCertainty(fault, NARROW_SPACE)})`;
  });
}

/** What of the figures is worth a word, unless a fault says it. */
function notableFacts(verdict: Verdict, { heard, rack }: Pick<ReasonOptions, 'heard' | 'rack'>): readonly string[] {
  const { loss_ratio: loss, jitter_seconds: jitter, delay_seconds: delay } = verdict;
  const shared = rack === null ? [] : sharedFaults(verdict, rack.faults);
  const kinds = [...verdict.faults, ...shared].map(({ kind }) => kind);
  const isNameless = isRackWide(verdict) && shared.length === 0;
  const isTold = (measure: keyof typeof EXPLAINED): boolean =>
    isNameless || kinds.some((kind) => EXPLAINED[measure].has(kind));
  const facts: string[] = [];
  if (loss !== null && loss >= NOTABLE_LOSS && !isTold('loss')) {
    facts.push(`${percentWords(loss)} of its packets are lost`);
  }
  if (jitter !== null && jitter >= NOTABLE_SECONDS && !isTold('jitter')) {
    facts.push(`packets are shaken by ${spanWords(jitter)}`);
  }
  if (delay !== null && Math.abs(delay) >= NOTABLE_SECONDS && !isTold('delay')) {
    facts.push(`its packets come ${spanWords(Math.abs(delay))} ${delay > 0 ? 'later' : 'earlier'} than usual`);
  }
  if (heard === null) return facts;
  const isPeriodTold = isNameless || kinds.some((kind) => kind === 'periodic-delay' || kind === 'periodic-loss');
  return [...facts, ...heardFacts(heard, { isLateTold: isTold('delay') || isTold('jitter'), isPeriodTold })];
}

function heardFacts(
  { lateRatio, worstLatenessSeconds, periodSeconds }: Heard,
  { isLateTold, isPeriodTold }: { readonly isLateTold: boolean; readonly isPeriodTold: boolean },
): readonly string[] {
  const facts: string[] = [];
  if (lateRatio >= NOTABLE_LOSS && !isLateTold) {
    facts.push(`${percentWords(lateRatio)} of its packets come late, by up to ${spanWords(worstLatenessSeconds)}`);
  }
  if (periodSeconds !== null && !isPeriodTold) facts.push(`something happens every ${periodWords(periodSeconds)}`);
  return facts;
}

function toneReason({ snr_db: snr }: Verdict): string {
  if (snr === null) return '';
  if (snr <= -SNR_LIMIT_DB) return 'what is heard is not its tone';
  if (snr >= SNR_LIMIT_DB) return 'no noise is heard beside the tone';
  if (Math.abs(snr) < 0.05) return 'tone and noise are equally strong';
  const height = withUnit(Math.abs(snr), 'dB');
  return snr > 0 ? `the tone stands ${height} above the noise` : `the noise stands ${height} above the tone`;
}
