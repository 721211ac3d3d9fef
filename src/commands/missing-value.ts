import { agentSpec } from '../config/agent.ts';
import { analyzeSpec } from '../config/analyze.ts';
import { chaosSpec } from '../config/chaos.ts';
import { chaosRunSpec } from '../config/chaos-run.ts';
import { chaosStatusSpec } from '../config/chaos-target.ts';
import { datacenterSpec } from '../config/datacenter.ts';
import { labSpec } from '../config/lab.ts';
import { optionsOf } from '../config/options.ts';
import { placeSpec } from '../config/place.ts';
import { rackSpec } from '../config/rack.ts';
import type { SpecKeys } from '../config/spec.ts';

/** By the words of a command line that come before its flags. */
const SPECS: Readonly<Record<string, SpecKeys>> = {
  agent: agentSpec,
  rack: rackSpec,
  datacenter: datacenterSpec,
  lab: labSpec,
  place: placeSpec,
  analyze: analyzeSpec,
  chaos: chaosSpec,
  'chaos status': chaosStatusSpec,
  'chaos run': chaosRunSpec,
};
const MISSING = /^Not enough arguments following: (.+)$/;

/**
 * What is said when a flag that needs a value was given none, in place of the parser's own words; null when the message
 * is of something else.
 * @param message as the parser has it: it names the flag, not what may follow it
 * @param args the command line
 */
export function missingValueText(message: string | null, args: readonly string[]): string | null {
  const name = MISSING.exec(message ?? '')?.[1];
  if (name === undefined) return null;
  const spec = specOf(args);
  const option = spec && optionsOf(spec).find(({ flag, aliases }) => flag === name || aliases.includes(name));
  return `--${name}: got no value${option ? `, allowed: ${option.allowed}` : ': one has to follow it'}`;
}

function specOf(args: readonly string[]): SpecKeys | null {
  const flagsAt = args.findIndex((arg) => arg.startsWith('-'));
  const words = flagsAt === -1 ? args : args.slice(0, flagsAt);
  const [first = '', second = ''] = words[0] === 'config' ? words.slice(2) : words;
  return own(`${first} ${second}`) ?? own(first);
}

function own(words: string): SpecKeys | null {
  return Object.hasOwn(SPECS, words) ? (SPECS[words] ?? null) : null;
}
