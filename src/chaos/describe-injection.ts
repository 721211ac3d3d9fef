import type { Impairment, ImpairmentKind } from '../netem/impairment.ts';
import { IMPAIRMENT_KINDS } from '../netem/impairment.ts';
import { describeImpairment, impairmentKinds } from '../netem/impairment-text.ts';
import type { Injection } from '../wire/injection.ts';

/** What an injection does, in words: `loss 20 %`, `delay 20 ms for 0.3 s every 5 s`, `loss 1 % … loss 30 % in 30 steps`. */
export function describeInjection({ phases, repeats, direction }: Injection): string {
  const impairments = phases.flatMap(({ impairment }) => impairment ?? []);
  const [first, last] = [impairments[0], impairments.at(-1)];
  if (first === undefined || last === undefined) return 'nothing';
  const what = repeats ? stallText(phases, first) : rampText(first, last, impairments.length);
  return direction === 'egress' ? what : `${what} (${direction === 'both' ? 'both ways' : 'ingress'})`;
}

/** Every kind of impairment that an injection has in one phase or another, in their usual order. */
export function injectionKinds({ phases }: Pick<Injection, 'phases'>): readonly ImpairmentKind[] {
  const kinds = new Set(phases.flatMap(({ impairment }) => (impairment === null ? [] : impairmentKinds(impairment))));
  return IMPAIRMENT_KINDS.filter((kind) => kinds.has(kind));
}

function rampText(first: Impairment, last: Impairment, steps: number): string {
  const [from, to] = [describeImpairment(first), describeImpairment(last)];
  return steps === 1 ? from : `${from} … ${to} in ${steps} steps`;
}

function stallText(phases: Injection['phases'], first: Impairment): string {
  const seconds = (of: Injection['phases']): number => round(of.reduce((sum, phase) => sum + phase.seconds, 0));
  const impaired = phases.filter(({ impairment }) => impairment !== null);
  return `${describeImpairment(first)} for ${seconds(impaired)} s every ${seconds(phases)} s`;
}

/** Sums of tenths have tails. */
function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
