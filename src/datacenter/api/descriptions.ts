const RACK_CLOCK = "Unix seconds, the rack's clock";
const SCORE = '1 less the mean spectral error of the servers that can be judged; null while none can.';
const RACK_FAULTS = "What came over most servers at once: the rack's own. Each of those has `rack-wide` in its place.";

/**
 * What keys of the named schemas mean, with units, for those who read the document. Here and not in the schemas, which
 * check every report and have better to do.
 */
export const DESCRIPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DatacenterHealth: {
    health_score: 'Mean score of the racks that can be judged, of which a silent one counts as 0; null while none can.',
    timestamp: "Unix seconds, the datacenter's clock, at which the tree was made.",
  },
  RackHealth: {
    health_score: SCORE,
    last_report: `${RACK_CLOCK}, of the newest report; null if none came.`,
    faults: RACK_FAULTS,
  },
  RackSummary: {
    health_score: SCORE,
    last_report: `${RACK_CLOCK}, of the newest report; null if none came.`,
    faults: RACK_FAULTS,
    server_counts: 'How many servers have each status.',
  },
  RackHistory: {
    timestamps: `${RACK_CLOCK}, of each report, ascending. In a gap of more than an interval nothing is known.`,
  },
  ServerHistory: {
    timestamps: `${RACK_CLOCK}, of each verdict, ascending. All lists are of one length.`,
  },
  Verdict: {
    name: 'The human name its agent announced.',
    status: '`warming`: too little heard to judge. `silent`: was heard, or is expected, and is not heard now.',
    spectral_error: "Share of the signal's power that the network destroyed.",
    snr_db: 'Signal to noise, dB.',
    loss_ratio: "Share of the window's judged slots that never came.",
    delay_seconds: 'Change of the one-way delay against the learned baseline: clocks are not synchronised.',
    jitter_seconds: 'Interarrival jitter of RFC 3550, section 6.4.1.',
    clock_skew_ppm: "Receiver's clock rate against the sender's, less one, in parts per million.",
    expected_frequency_hz: 'Of the tone it should sing.',
    last_heard: `${RACK_CLOCK}, of the last sample that came.`,
    faults: 'What is wrong, by name.',
  },
  Fault: {
    since: 'Unix seconds at which it began.',
    confidence: 'How sure.',
    parameters: 'Evidence by name, with units in the names: `period_seconds`, `loss_ratio`, …',
  },
  RackFault: {
    kind: 'What each of the servers has.',
    since: 'Unix seconds at which it began.',
    parameters: 'The median of what the servers have; `servers` counts them.',
    server_ids: 'The servers that have it, ascending, at most 1024.',
  },
  FaultEvent: {
    timestamp: `${RACK_CLOCK}: of the first report that has the fault, or of the first that has it no more.`,
    server_id: 'Null for a fault of the rack itself.',
    fault: 'As it was last reported. `duration_seconds`, from `since` to the end, is null until it has ended.',
  },
  StatusEvent: {
    id: 'Counts up from 1 in the order in which the datacenter learned of the changes.',
    timestamp:
      "Unix seconds. Of what a report said: its own time. Of reports that stopped or came back: the datacenter's clock.",
    name: "Human name; the datacenter's id for itself.",
    from: 'Null when the first that was ever heard was bad.',
  },
  Incident: {
    incident_id: 'Unique on its rack, and in the order of time.',
    kind: 'The fault that the capsule is of.',
    shared_kind: 'Of `rack-wide`: what most servers of the rack had; left out where the rack does not say it.',
    since: `${RACK_CLOCK}, at which the fault began.`,
    detected: `${RACK_CLOCK}, at which it was found.`,
    expected_frequency_hz: 'Of the tone that the server should sing.',
    version: "Of the rack's software.",
    bytes: 'Of one that is not complete, as of when the list last changed.',
    is_complete: 'False while the time after the fault is not over.',
  },
  ChaosNotice: {
    scope: 'Which servers, for people.',
    kinds: 'What is impaired.',
    began_at: "Unix seconds, the injector's clock.",
    until: 'Unix seconds; null: until it is cleared.',
  },
  EventPage: {
    next: 'What to give as `before`, or as `after` if that was given, to go on; null when nothing older is held.',
  },
  Spectrum: {
    first_frequency_hz: 'Of the first bin; the others follow by `bin_width_hz`.',
    power_db: 'A value a bin, relative to a clean tone of the same amplitude, −150 at the least.',
  },
  Window: {
    slots: 'A letter a slot, oldest first: `r` received, `l` lost, `w` not there yet.',
    newest_sent: "Unix seconds, the sender's clock, at which the newest slot was sent.",
    lateness_seconds: 'Of each sample against the learned baseline; null where there is none.',
    in_phase: 'The sample at baseband relative to the mean amplitude; null where there is none.',
    quadrature: 'Its other part.',
  },
};
