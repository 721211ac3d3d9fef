import type { Fault, FaultKind, RackFault } from '../core/verdict.ts';
import { figureText, periodText, secondsText, shareText, signedText, UNIT_SPACE } from './figure-words.ts';
import { KIND_WORDS, type Figures } from './kind-words.ts';

/** A fault as far as words need it. */
export type ToldFault = Pick<Fault, 'kind' | 'parameters'>;

/** A kind in words, without figures, lower case, as a noun: `delay shift`, `periodic stalls`. */
export function faultName(kind: FaultKind): string {
  return KIND_WORDS[kind].name;
}

/**
 * A fault with its figures, for a cell or a line: `loss 5.2 %`, `delay +5.0 ms`, `loss 1.0 % in bursts of 8`,
 * `every 5.0 s, 20 ms of delay for 300 ms`. Neither since when nor how sure.
 * @param space between a number and its unit
 */
export function faultPhrase({ kind, parameters }: ToldFault, space = UNIT_SPACE): string {
  return KIND_WORDS[kind].phrase(figuresOf(parameters, space));
}

/**
 * A fault as the second half of a sentence that has named the server: `5.2 % of its packets are lost`, `its packets come
 * 5.0 ms later than usual`, `it stalls every 5.0 s, by 20 ms for 300 ms`.
 * @param space between a number and its unit
 */
export function faultClause({ kind, parameters }: ToldFault, space = UNIT_SPACE): string {
  return KIND_WORDS[kind].clause(figuresOf(parameters, space));
}

/**
 * A fault of a rack, for a line that has named the rack: `delay +5.0 ms on 4 of 8 servers`.
 * @param serverCount servers of the rack
 * @param space between a number and its unit
 */
export function rackFaultPhrase(fault: RackFault, serverCount: number, space = UNIT_SPACE): string {
  const affected = fault.parameters['servers'] ?? fault.server_ids.length;
  return `${faultPhrase(fault, space)} on ${affected} of ${serverCount} servers`;
}

/**
 * How sure a fault is: `p = 1e−9` where a test of significance told it, else `sure to 99.0 %`.
 * @param space between a number and its unit
 */
export function faultCertainty(fault: Pick<Fault, 'confidence' | 'parameters'>, space = UNIT_SPACE): string {
  // Nothing is told with more certainty than this.
  const percent = Math.min(fault.confidence, 0.999) * 100;
  return faultChance(fault) ?? `sure to ${percent.toFixed(1)}${space}%`;
}

/** `p = 1e−9`, the chance that as much would come of itself; null for kinds that are not told so. */
export function faultChance({ parameters }: Pick<Fault, 'parameters'>): string | null {
  const { p_value: p } = parameters;
  if (p === undefined) return null;
  return p < 1e-99 ? 'p < 1e−99' : `p = ${p.toExponential(0).replaceAll('-', '−')}`;
}

function figuresOf(parameters: Fault['parameters'], space: string): Figures {
  const say = (name: string, text: (value: number) => string): string | null => {
    const value = parameters[name];
    return value === undefined ? null : text(value);
  };
  const span = (value: number): string => secondsText(value, space);
  const period = say('period_seconds', (value) => periodText(value, space));
  return {
    share: (name) => say(name, (value) => shareText(value, space)),
    span: (name) => say(name, (value) => span(Math.abs(value))),
    change: (name) => say(name, (value) => signedText(value, span)),
    ppm: (name) => say(name, (value) => signedText(value, (ppm) => `${figureText(ppm)}${space}ppm`)),
    count: (name) => say(name, (value) => String(Number(value.toFixed(1)))),
    recurring: period === null ? ' again and again' : ` every ${period}`,
    isNegative: (name) => (parameters[name] ?? 0) < 0,
  };
}
