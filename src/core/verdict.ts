/** `warming`: too little heard to judge. `silent`: was heard, or is expected, and is not heard now. */
export const SERVER_STATUSES = ['healthy', 'warning', 'critical', 'warming', 'silent'] as const;

/** Status of one server. */
export type ServerStatus = (typeof SERVER_STATUSES)[number];

/** `warming`: nothing to judge yet. `silent`: a rack whose reports stopped. */
export const GROUP_STATUSES = ['healthy', 'degraded', 'critical', 'warming', 'silent'] as const;

/** Status of a rack or a datacenter. */
export type GroupStatus = (typeof GROUP_STATUSES)[number];

/** What most servers of a rack may have at once. */
export const SHARED_FAULT_KINDS = [
  'silent',
  'loss',
  'burst-loss',
  'periodic-loss',
  'delay-shift',
  'jitter',
  'periodic-delay',
  'congestion',
  'reorder',
  'duplicate',
  'corrupt',
  'clock-drift',
] as const;

export type SharedFaultKind = (typeof SHARED_FAULT_KINDS)[number];

/** `rack-wide`: what most servers of the rack have. `observer`: the controller itself was late. */
export const FAULT_KINDS = [...SHARED_FAULT_KINDS, 'conflict', 'rack-wide', 'observer'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export const SEVERITIES = ['info', 'warning', 'critical'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** A named impairment with its evidence. */
export interface Fault {
  readonly kind: FaultKind;
  /** Unix seconds at which it began. */
  readonly since: number;
  readonly severity: Severity;
  /** How sure, 0 to 1. */
  readonly confidence: number;
  /** Evidence by name, units in the name: `period_seconds`, `loss_ratio`, … */
  readonly parameters: Readonly<Record<string, number>>;
}

/** Most servers that a fault of a rack names; `parameters.servers` counts them all. */
export const MAX_FAULT_SERVERS = 1024;

/** A fault that came over most servers of a rack at once: of the rack or its link, not of each server. */
export interface RackFault extends Fault {
  /** What each of the servers has. */
  readonly kind: SharedFaultKind;
  /** The servers that have it, ascending. */
  readonly server_ids: readonly number[];
}

/**
 * What one window says of its server. This is the one shape of reports, API, `status --json` and `analyze`, hence
 * snake_case. Null: not known yet.
 */
export interface Verdict {
  readonly rack_id: number;
  readonly server_id: number;
  /** The human name the agent announced. */
  readonly name: string | null;
  readonly status: ServerStatus;
  /** Share of the signal's power that the network destroyed, 0 to 1. */
  readonly spectral_error: number | null;
  readonly snr_db: number | null;
  /** Share of the window's judged slots that never came, 0 to 1. */
  readonly loss_ratio: number | null;
  /** Change of the one-way delay against the learned baseline. */
  readonly delay_seconds: number | null;
  /** Interarrival jitter of RFC 3550, section 6.4.1. */
  readonly jitter_seconds: number | null;
  /** Receiver's clock rate against the sender's, minus one, in parts per million. */
  readonly clock_skew_ppm: number | null;
  readonly expected_frequency_hz: number;
  readonly sample_rate_hz: number;
  /** Unix seconds of the last sample received, receiver's clock. */
  readonly last_heard: number | null;
  readonly faults: readonly Fault[];
}

/** All verdicts of a rack at one moment, as the rack reports them and the datacenter shows them. */
export interface RackHealth {
  readonly rack_id: number;
  /** 1 − mean error over the expected servers that can be judged; null while none can. */
  readonly health_score: number | null;
  readonly status: GroupStatus;
  /** Unix seconds, the rack's clock, of the newest report; null if none came. */
  readonly last_report: number | null;
  /** What is the rack's own. Each of its servers has a fault `rack-wide` in place of it. */
  readonly faults: readonly RackFault[];
  readonly servers: readonly Verdict[];
}

/** The whole tree. */
export interface DatacenterHealth {
  readonly dc_id: string;
  readonly health_score: number | null;
  readonly status: GroupStatus;
  readonly timestamp: number;
  readonly racks: readonly RackHealth[];
}
