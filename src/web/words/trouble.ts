import type { Fault, FaultKind, RackFault, Severity, Verdict } from '../../core/verdict.ts';
import { faultCertainty, faultClause, faultPhrase } from '../../words/fault-words.ts';
import { isGrave, isRackWide, ownFaults, sharedFaults } from './fault-order.ts';
import { destroyedWords, measuredTrouble } from './measured-trouble.ts';
import { NARROW_SPACE, threeDigits } from './number-words.ts';

/** What is wrong with a server, in words of several lengths. */
export interface Trouble {
  /** What servers with the same trouble have in common; `signal` where no measure says more. */
  readonly kind: FaultKind | 'signal';
  /** For a cell: `loss 20 %`. */
  readonly word: string;
  /** For a sentence that names the server before: `20 % of its packets are lost`. */
  readonly clause: string;
  /** `info` is worth a look, and no reason to be ill. */
  readonly severity: Severity;
  /** How much of it, in the unit of its kind: tells the worst of several servers. */
  readonly size: number;
  /** Unix seconds; null where no fault tells. */
  readonly since: number | null;
  /** `sure to 99.0 %`, `p = 1e−9`; null where no fault tells. */
  readonly certainty: string | null;
}

/** All that is wrong with a server itself, or worth a look, worst first. What its rack has is not among it. */
export function troublesOf(verdict: Verdict): readonly Trouble[] {
  const { status, spectral_error: error } = verdict;
  const own = ownFaults(verdict);
  if (status === 'silent') return silence(verdict, own);
  const [worst, ...others] = own.map(faultTrouble);
  if (status !== 'warning' && status !== 'critical') {
    return worst === undefined ? notableTroubles(verdict) : [worst, ...others];
  }
  if (worst === undefined || !isGrave(worst)) {
    const measured = isRackWide(verdict) ? [] : [{ ...measuredTrouble(verdict), ...UNTOLD, severity: status }];
    return worst === undefined ? measured : [...measured, worst, ...others];
  }
  if (status === 'warning' || worst.severity === 'critical' || isRackWide(verdict)) return [worst, ...others];
  // The fault alone would not make it critical: what does is said with it.
  return [{ ...worst, severity: status, clause: `${worst.clause}, and ${destroyedWords(error)}` }, ...others];
}

/**
 * Everything about a server in a few words each, what matters most first: what makes it ill, what it has with its rack,
 * what is worth a look.
 * @param rackFaults what the rack has
 */
export function wordsOf(verdict: Verdict, rackFaults: readonly RackFault[]): readonly string[] {
  const own = troublesOf(verdict);
  const ofRack = rackWord(verdict, rackFaults);
  return [
    ...own.filter(isGrave).map(({ word }) => word),
    ...(ofRack === null ? [] : [ofRack]),
    ...own.filter((trouble) => !isGrave(trouble)).map(({ word }) => word),
  ];
}

/** Whether all that makes a server ill is what its rack has. */
export function isIllWithRack(verdict: Verdict): boolean {
  return isRackWide(verdict) && !troublesOf(verdict).some(isGrave);
}

const UNTOLD = { since: null, certainty: null } as const;

/** `rack: delay +5.0 ms`. */
function rackWord(verdict: Verdict, rackFaults: readonly RackFault[]): string | null {
  const told = verdict.faults.find(({ kind }) => kind === 'rack-wide');
  if (told === undefined) return null;
  const [shared] = sharedFaults(verdict, rackFaults);
  return shared === undefined ? faultPhrase(told, NARROW_SPACE) : `rack: ${cellWords(shared)}`;
}

/** Of what a silent server had before nothing can be known. */
function silence(verdict: Verdict, own: readonly Fault[]): readonly Trouble[] {
  const fault = own.find(({ kind }) => kind === 'silent');
  if (fault === undefined && isRackWide(verdict)) return [];
  const said = { kind: 'silent', word: 'silent', clause: 'nothing is heard of it', severity: 'critical' } as const;
  return [{ ...said, ...UNTOLD, size: 1, since: fault?.since ?? null }];
}

/** A phrase that begins with its period does not say what has it, where there is no room for all of it. */
function cellWords(fault: Fault): string {
  const phrase = faultPhrase(fault, NARROW_SPACE);
  return phrase.startsWith('every ') ? `stalls ${phrase.split(',')[0]}` : phrase;
}

function faultTrouble(fault: Fault): Trouble {
  const { kind, severity, since, parameters } = fault;
  return {
    kind,
    word: cellWords(fault),
    clause: faultClause(fault, NARROW_SPACE),
    severity,
    // The first is what severity is drawn from, but for stalls: the delay of one counts, not how often they come.
    size: Math.abs(parameters['delay_seconds'] ?? Object.values(parameters)[0] ?? 0),
    since,
    certainty: faultCertainty(fault, NARROW_SPACE),
  };
}

/** What of the measures of a healthy server is worth a look, where no fault tells. */
function notableTroubles(verdict: Verdict): readonly Trouble[] {
  if (verdict.status !== 'healthy' || isRackWide(verdict)) return [];
  const measured = measuredTrouble(verdict);
  // A controller that was late itself cannot blame the way for jitter.
  const isObserverLate = verdict.faults.some(({ kind }) => kind === 'observer');
  if (measured.kind === 'signal' || (isObserverLate && measured.kind !== 'loss')) return [];
  return [{ ...measured, ...UNTOLD, severity: 'info' }];
}

/** Spectral error as cells and lists show it, 0 to 1. */
export function errorWords(error: number): string {
  return error < 0.0005 ? '0.000' : error >= 0.0995 ? threeDigits(error) : error.toFixed(3);
}
