import type { TargetName } from '../../config/chaos-target.ts';
import type { Direction } from '../../wire/injection.ts';
import type { HoldEnd } from '../hold.ts';

/** What a run did and saw, as JSON; hence snake_case. Times are Unix seconds, `…_after_seconds` since the run began. */
export interface ScenarioReport {
  readonly scenario: string;
  readonly description: string | null;
  readonly passed: boolean;
  /** Why not, each in a sentence; empty when it passed. */
  readonly problems: readonly string[];
  /** What should be known and is no failure: a datacenter that was not told. */
  readonly notes: readonly string[];
  readonly target: TargetName;
  readonly api_url: string;
  readonly seed: number | null;
  readonly speed: number;
  readonly versions: { readonly netwatch: string; readonly node: string };
  readonly began_at: number;
  readonly ended_at: number;
  readonly duration_seconds: number;
  readonly injections: readonly InjectionRecord[];
  readonly expectations: readonly ExpectationRecord[];
  /** Whether all that was injected is gone for certain. */
  readonly undone: boolean;
}

export interface InjectionRecord {
  readonly step: string;
  readonly name: string | null;
  readonly id: string;
  /** `rack 0`. */
  readonly scope: string;
  readonly servers: readonly { readonly rack_id: number; readonly server_ids: readonly number[] }[];
  readonly kinds: readonly string[];
  readonly description: string;
  readonly direction: Direction;
  readonly seed: number | null;
  /** As the scenario has it, at the speed of the run. */
  readonly planned_seconds: number;
  readonly began_at: number;
  readonly began_after_seconds: number;
  /** Null: nothing was injected, or it is not known to be undone. */
  readonly ended_at: number | null;
  readonly ended_after_seconds: number | null;
  /** `refused`: nothing was injected. `not-undone`: it may still be there. */
  readonly end: HoldEnd | 'refused' | 'not-undone';
  readonly problem: string | null;
}

export interface ExpectationRecord {
  readonly step: string;
  readonly name: string | null;
  /** Of whom: `rack 0`. */
  readonly scope: string;
  /** `warning or critical, spectral_error 0.15 to 0.25`. */
  readonly expected: string;
  readonly at_least: number;
  readonly within_seconds: number;
  readonly hold_seconds: number;
  readonly began_after_seconds: number;
  readonly passed: boolean;
  /** Since it began: when so many had been seen as were expected. */
  readonly seen_after_seconds: number | null;
  readonly seen: readonly SeenRecord[];
}

/** What a verdict says under one name. */
export type SeenValue = string | number | null | readonly string[];

export type SeenValues = Readonly<Record<string, SeenValue>>;

export interface SeenRecord {
  /** Null: the datacenter. */
  readonly rack_id: number | null;
  /** Null: the rack. */
  readonly server_id: number | null;
  readonly seen_after_seconds: number | null;
  /** How it was when it was seen, or else the last time; null: the datacenter did not know it. */
  readonly values: SeenValues | null;
}
