import type { TargetName } from '../config/chaos-target.ts';
import { UserError } from '../io/user-error.ts';
import type { Injection } from '../wire/injection.ts';

/** A server that a target can reach. */
export interface TargetServer {
  readonly rackId: number;
  readonly serverId: number;
  /** Where it is, for people: `agent-0, pid 4711`, `container netwatch-server-0-3`, `pod netwatch/server-0-3`. */
  readonly place: string;
}

/** An injection as its holder has it. */
export interface HeldInjection {
  readonly id: string;
  readonly server: TargetServer;
  /** `delay 200 ms ± 20 ms normal, loss 20 %`. */
  readonly description: string;
  /** Unix seconds; null: until it is cleared. */
  readonly untilSeconds: number | null;
  /**
   * `active`: its holder runs. `leftover`: the holder is gone or its time is long over, and the rule may still be there;
   * a sweep removes it. `failed`: the holder could not undo it, and `problem` says why.
   */
  readonly state: 'active' | 'leftover' | 'failed';
  readonly problem: string | null;
}

/** What would be done on one server: command lines as a shell would take them, or a request to its control endpoint. */
export interface PlannedServer {
  readonly server: TargetServer;
  /** In order; a comment line begins with `#`. */
  readonly commands: readonly string[];
}

/** What became of one server. */
export interface Outcome {
  readonly server: TargetServer;
  /** Null when it was done. In words for the user: what failed, where, what to do. */
  readonly problem: string | null;
}

/**
 * One way of reaching servers and breaking their network. Each method takes all servers at once, works on several at a
 * time, and tells of each server by itself; what concerns the target as a whole (no daemon, no permission) is thrown as
 * a ChaosError. Every method ends soon after `signal` is aborted, by throwing its reason.
 */
export interface Target {
  readonly name: TargetName;
  /** Every server it knows, by rack and server id. */
  list(signal: AbortSignal): Promise<readonly TargetServer[]>;
  /** What `apply` would do. Does nothing. @throws ChaosError for what this target cannot do (ingress in the lab) */
  plan(injection: Injection, servers: readonly TargetServer[]): readonly PlannedServer[];
  /**
   * Injects, taking the place of an injection of ours that is there; never of anything else. When it resolves, what has
   * no problem is in force and has its deadline.
   */
  apply(injection: Injection, servers: readonly TargetServer[], signal: AbortSignal): Promise<readonly Outcome[]>;
  /**
   * Undoes what of ours is on these servers, leftovers too: all of it, or only the injection of this id, another one of
   * ours being left alone. Nothing there is no problem. When it resolves, what has no problem is gone for certain, also
   * where whoever held it is gone without a trace.
   */
  clear(
    servers: readonly TargetServer[],
    options: { id: string | null; signal: AbortSignal },
  ): Promise<readonly Outcome[]>;
  /** Everything of ours that is or may be in force, on whichever server. */
  status(signal: AbortSignal): Promise<readonly HeldInjection[]>;
  /** Lets go of connections; injections go on. Idempotent. */
  close(): Promise<void>;
}

/** Why chaos cannot be done, in words for the user: what, where, and what to do about it. */
export class ChaosError extends UserError {
  override readonly name = 'ChaosError';
}
