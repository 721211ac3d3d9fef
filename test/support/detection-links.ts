import type { SharedFaultKind } from '../../src/core/verdict.ts';

type Words = Readonly<Record<string, string | number>>;

/** A way to break the link of a server, and what is to be told of it. */
export interface BrokenLink {
  readonly what: string;
  readonly kind: SharedFaultKind;
  /** As in a scenario. */
  readonly inject: Words;
  /** Only for a while, again and again. */
  readonly pulse?: { readonly every: string; readonly for: string };
  /** What the link is like before, so that it is normal. */
  readonly usual?: Words;
  /** How far the beginning that is told may lie from the true one, seconds. */
  readonly onsetSeconds: number;
  /** What is to be told of it, as a parameter of the fault, and how far off that may be. */
  readonly parameter?: readonly [name: string, value: number, tolerance: number];
  /** It takes so many seconds to measure: what is told of it sooner is not held to that. 0 when not given. */
  readonly measuredSeconds?: number;
  /** Told no longer than so many seconds after the end. */
  readonly endSeconds: number;
}

/** One of each kind that an injector can make, some at several severities. */
export const BROKEN_LINKS: readonly BrokenLink[] = [
  { what: 'all lost', kind: 'silent', inject: { loss: '100%' }, onsetSeconds: 1, endSeconds: 5 },
  {
    what: 'loss 5 %',
    kind: 'loss',
    inject: { loss: '5%' },
    onsetSeconds: 15,
    parameter: ['loss_ratio', 0.05, 0.04],
    measuredSeconds: 40,
    endSeconds: 60,
  },
  {
    what: 'loss 50 %',
    kind: 'loss',
    inject: { loss: '50%' },
    onsetSeconds: 2,
    parameter: ['loss_ratio', 0.5, 0.2],
    measuredSeconds: 5,
    endSeconds: 30,
  },
  {
    what: 'bursts of losses',
    kind: 'burst-loss',
    inject: { loss_model: 'gemodel:4,25,100,0' },
    onsetSeconds: 15,
    parameter: ['mean_run', 4, 3],
    measuredSeconds: 40,
    endSeconds: 90,
  },
  {
    what: 'delay +5 ms',
    kind: 'delay-shift',
    inject: { delay: '5ms' },
    onsetSeconds: 1,
    parameter: ['shift_seconds', 0.005, 0.004],
    endSeconds: 20,
  },
  {
    what: 'delay +80 ms',
    kind: 'delay-shift',
    inject: { delay: '80ms' },
    onsetSeconds: 1,
    parameter: ['shift_seconds', 0.08, 0.01],
    endSeconds: 20,
  },
  {
    what: 'jitter 5 ms',
    kind: 'jitter',
    usual: { delay: '20ms' },
    inject: { delay: '20ms', jitter: '5ms', distribution: 'normal' },
    onsetSeconds: 2,
    parameter: ['jitter_seconds', 0.005, 0.0025],
    measuredSeconds: 15,
    endSeconds: 30,
  },
  {
    what: '20 ms for 0.3 s every 5 s',
    kind: 'periodic-delay',
    inject: { delay: '20ms' },
    pulse: { every: '5s', for: '300ms' },
    onsetSeconds: 30,
    parameter: ['period_seconds', 5, 0.1],
    endSeconds: 60,
  },
  {
    what: 'two lost every 3 s',
    kind: 'periodic-loss',
    inject: { loss: '100%' },
    pulse: { every: '3s', for: '100ms' },
    onsetSeconds: 8,
    parameter: ['period_seconds', 3, 0.06],
    endSeconds: 60,
  },
  {
    what: 'reorder 5 %',
    kind: 'reorder',
    usual: { delay: '70ms' },
    inject: { delay: '70ms', reorder: '5%' },
    onsetSeconds: 12,
    endSeconds: 60,
  },
  {
    what: 'duplicate 5 %',
    kind: 'duplicate',
    inject: { duplicate: '5%' },
    onsetSeconds: 12,
    endSeconds: 60,
  },
  {
    what: 'a link 8 % too narrow',
    kind: 'congestion',
    inject: { rate: '10900bit', limit: 28 },
    onsetSeconds: 2,
    endSeconds: 30,
  },
  {
    what: 'a bit flipped in 20 %, which the checksum drops',
    kind: 'loss',
    inject: { corrupt: '20%' },
    onsetSeconds: 5,
    parameter: ['loss_ratio', 0.2, 0.1],
    measuredSeconds: 10,
    endSeconds: 30,
  },
];
