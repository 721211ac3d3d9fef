/** Why a datagram was refused: the closed set behind the label of `netwatch_datagrams_rejected_total{reason}`. */
export const REJECT_REASONS = [
  /** Fewer bytes than its form needs to say what it is. */
  'too-short',
  /** More bytes than its form may have. */
  'too-long',
  'bad-magic',
  'bad-version',
  'bad-type',
  /** A sample that is not exactly 32 bytes, or 48 with a tag. */
  'bad-length',
  /** The JSON form, but not JSON, or a field is missing or of the wrong type. */
  'bad-json',
  'bad-announcement',
  /** A value is NaN or infinite. */
  'not-finite',
  /** An amplitude above 10⁶, or a send time that no clock shows. */
  'out-of-range',
  /** The rack has a key; the datagram has no tag, or is JSON. */
  'unauthenticated',
  /** The tag is not this key's. */
  'bad-tag',
  /** The datagram has a tag and the rack has no key: somebody forgot to give it one. */
  'unexpected-tag',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];

/** Why a report line was refused, likewise behind `netwatch_reports_rejected_total{reason}`. */
export const REPORT_REJECT_REASONS = [
  'too-long',
  'bad-json',
  /** A field is missing, of the wrong type or out of its bounds; or a part that does not belong to the others. */
  'bad-report',
] as const;

export type ReportRejectReason = (typeof REPORT_REJECT_REASONS)[number];
