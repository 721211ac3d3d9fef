import type { FaultKind, GroupStatus, ServerStatus, Verdict } from '../../core/verdict.ts';
import type { Direction, Phase } from '../../wire/injection.ts';
import type { Selection } from '../select-servers.ts';

/** Numbers of a server's verdict that an expectation may bound. */
export const VERDICT_NUMBERS = [
  'spectral_error',
  'snr_db',
  'loss_ratio',
  'delay_seconds',
  'jitter_seconds',
  'clock_skew_ppm',
] as const satisfies readonly (keyof Verdict)[];

export type VerdictNumber = (typeof VERDICT_NUMBERS)[number];

/** Bounds that are allowed themselves; at least one of them is there. */
export interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
}

/** What somebody's health must be like; all of it at one and the same moment. */
export interface Demand {
  /** One of these; null: any. */
  readonly statuses: readonly (ServerStatus | GroupStatus)[] | null;
  /** Of servers and racks; the datacenter has none. */
  readonly fault: FaultKind | null;
  /** Of a server, numbers of its verdict; of a rack or the datacenter, `health_score`. */
  readonly numbers: readonly { readonly name: VerdictNumber | 'health_score'; readonly bounds: Bounds }[];
}

/** Something that must be seen within a time. A window of 256 samples is 12.8 s, so times are not made shorter by speed. */
export interface Expectation {
  readonly of: 'servers' | 'racks' | 'datacenter';
  /** Null: the servers of its step; in a step that injects nothing, every server the scenario injects on. */
  readonly on: Selection | null;
  /** So many of the servers or racks; null: all. Each has its own time to be seen so. */
  readonly atLeast: number | null;
  readonly demand: Demand;
  readonly withinSeconds: number;
  /** For so long without a break; 0: once is enough. */
  readonly holdSeconds: number;
}

interface StepBase {
  readonly name: string | null;
  /** Pause before it. */
  readonly afterSeconds: number;
}

export interface InjectStep extends StepBase {
  readonly kind: 'inject';
  readonly on: Selection;
  readonly phases: readonly Phase[];
  readonly repeats: boolean;
  readonly durationSeconds: number;
  readonly direction: Direction;
  /** Judged while the fault is on. */
  readonly expectations: readonly Expectation[];
}

export interface WaitStep extends StepBase {
  readonly kind: 'wait';
  readonly waitSeconds: number;
}

export interface ExpectStep extends StepBase {
  readonly kind: 'expect';
  readonly expectations: readonly Expectation[];
}

/** Begins all of its steps at once, and is over when the last of them is. */
export interface ParallelStep extends StepBase {
  readonly kind: 'parallel';
  readonly steps: readonly Step[];
}

/** Does its steps one after the other, so many times. */
export interface GroupStep extends StepBase {
  readonly kind: 'group';
  readonly rounds: number;
  readonly steps: readonly Step[];
}

export type Step = InjectStep | WaitStep | ExpectStep | ParallelStep | GroupStep;

/** A story: what is broken, when, and what must be seen of it. */
export interface Scenario {
  readonly name: string;
  readonly description: string | null;
  /** 0 to 2^32 - 1; null: another network each time. */
  readonly seed: number | null;
  /** Fastest speed at which what it expects still comes true. */
  readonly maxSpeed: number;
  /** It ends at once when the datacenter's score falls below this; null: never. */
  readonly abortBelow: number | null;
  readonly steps: readonly Step[];
}
