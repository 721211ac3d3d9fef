import { REJECT_REASONS, REPORT_REJECT_REASONS } from '../wire/reject-reason.ts';

// The values of bounded labels. A reason that is not here cannot be counted, so that no label grows with hostile input.

/** Why a rack turned a well-formed datagram away. */
export const RACK_REJECTIONS = [
  /** It names another rack. */
  'wrong-rack',
  /** The rack was told whom to expect, and this is somebody else. */
  'unexpected-server',
  /** The frequency plan has no tone for such a server id. */
  'no-tone',
  /** `--max-servers` are held already. */
  'too-many-servers',
  /** Authenticated, but sent too far from the rack's own time. */
  'stale',
  /** Authenticated, but older than what is known of that server. */
  'replay',
  /** A sequence number or send time that cannot be of this stream, or another form than it has. */
  'implausible',
  /** The analysis fell behind and the ring to it was full. */
  'ring-full',
] as const;

/** Why a rack turned a datagram away: those of its wire form, then those of the rack. */
export const DATAGRAM_REJECTIONS = [...REJECT_REASONS, ...RACK_REJECTIONS] as const;

/** Why a datacenter turned a report away that could be read. */
export const DATACENTER_REJECTIONS = [
  /** Other racks are expected. */
  'unexpected-rack',
  'too-many-racks',
  /** It does not fit what the datacenter holds of reports. */
  'too-large',
  /** Another start of this rack, on another connection, has its place. */
  'conflict',
  /** It was here before. */
  'duplicate',
  /** A frame that cannot be read. */
  'bad-frame',
  /** A list or a part of capsules that cannot be read, or of a rack that this connection does not have. */
  'bad-incident',
  /** A frame of a server that nobody watches, or of a rack that this connection does not have. */
  'unwatched',
] as const;

/** Why a datacenter turned a report line away: those of its wire form, then those of the datacenter. */
export const REPORT_REJECTIONS = [...REPORT_REJECT_REASONS, ...DATACENTER_REJECTIONS] as const;

/** Why a datacenter turned a connection away, or cut it. */
export const CONNECTION_REJECTIONS = ['too-many-connections', 'idle', 'bad-tls', 'slow-reader'] as const;

/** Why a datacenter turned a client of its socket away, or cut it. */
export const SOCKET_REJECTIONS = [
  'too-many-clients',
  /** A page of another site. */
  'bad-origin',
  'bad-token',
  /** Not a WebSocket, or another protocol than this one. */
  'bad-request',
  /** A message above 4 KiB, or one that breaks the rules of WebSocket. */
  'bad-message',
  'too-many-messages',
  /** It answers no ping. */
  'no-pong',
] as const;

/** Why a datacenter turned the announcement of an injection away. */
export const CHAOS_REJECTIONS = [
  /** It was started without a control token. */
  'no-control',
  'bad-token',
  'bad-media-type',
  'bad-json',
  /** A field is wrong. */
  'bad-notice',
  /** As many as it holds are active already. */
  'too-many',
] as const;

/** Why a fault began and no capsule of it was made, or not to its end. */
export const INCIDENT_DROPS = [
  /** Of a fault of the whole rack the capsules of a few servers are enough. */
  'rack-wide',
  /** As many as are recorded at once are being recorded. */
  'too-many',
  /** As many as may begin in a minute have begun. */
  'too-often',
  /** All capsules that there is room for are being recorded. */
  'no-room',
  /** The disk is full, or the directory cannot be used. */
  'write-failed',
] as const;

export type IncidentDrop = (typeof INCIDENT_DROPS)[number];

/** Why a rack does not answer what the datacenter asked of its capsules. */
export const INCIDENT_REQUEST_DROPS = [
  /** As many as may wait are waiting. */
  'too-many',
  /** It is for another rack. */
  'other-rack',
  /** The connection that asked is gone. */
  'disconnected',
] as const;

export type IncidentRequestDrop = (typeof INCIDENT_REQUEST_DROPS)[number];
