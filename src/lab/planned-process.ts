import type { ListenPlace } from '../io/listen-error.ts';

export type LabRole = 'datacenter' | 'rack' | 'agent';

/** One process of the lab. */
export interface PlannedProcess {
  readonly role: LabRole;
  /** `datacenter`, `rack-2`, `agent-2`, `agent-2-5`. */
  readonly name: string;
  /** What comes before its command line: `ip netns exec NAME`, or nothing. */
  readonly commandPrefix: readonly string[];
  /** What follows the file of the CLI on its command line. */
  readonly args: readonly string[];
  /** Every port of this host that it listens on. */
  readonly places: readonly ListenPlace[];
  /** Answers with 200 once it is ready. */
  readonly readyUrl: string;
  readonly metricsUrl: string;
}

/** An agent, for all servers of a rack or for one. */
export interface PlannedAgent extends PlannedProcess {
  readonly rackId: number;
  readonly serverIds: readonly number[];
  /** Where chaos is controlled, without a path; null: nowhere. */
  readonly controlUrl: string | null;
}
