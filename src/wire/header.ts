/**
 * The first 16 bytes of every binary datagram, network byte order:
 *
 * | offset | size | field |
 * |---|---|---|
 * | 0 | 2 | magic `NW` |
 * | 2 | 1 | version = 1 |
 * | 3 | 1 | type: 0 sample, 1 announcement; bit 7 set when authenticated |
 * | 4 | 2 | rack id |
 * | 6 | 2 | server id |
 * | 8 | 4 | boot id |
 * | 12 | 4 | sequence number; 0 in an announcement |
 */
export const HEADER_BYTES = 16;

export const SAMPLE_TYPE = 0;
export const ANNOUNCEMENT_TYPE = 1;

const MAGIC = 0x4e57;
const VERSION = 1;
const AUTHENTICATED_BIT = 0x80;

export interface Header {
  readonly rackId: number;
  readonly serverId: number;
  readonly bootId: number;
  readonly sequence: number;
}

/** The first four bytes as one number: magic, version, type. */
export function prefix(type: number, isAuthenticated: boolean): number {
  return (MAGIC << 16) | (VERSION << 8) | type | (isAuthenticated ? AUTHENTICATED_BIT : 0);
}

/** @throws RangeError when an id or the sequence number does not fit its field. */
export function writeHeader(target: Buffer, firstWord: number, header: Header): void {
  const { rackId, serverId, bootId, sequence } = header;
  if (![rackId, serverId, bootId, sequence].every(Number.isInteger)) {
    throw new RangeError('The ids and the sequence number of a datagram must be integers');
  }
  target.writeUInt32BE(firstWord, 0);
  target.writeUInt16BE(rackId, 4);
  target.writeUInt16BE(serverId, 6);
  target.writeUInt32BE(bootId, 8);
  target.writeUInt32BE(sequence, 12);
}

/** What a prefix says, or why it says nothing. */
export function readPrefix(
  word: number,
): { type: number; isAuthenticated: boolean } | 'bad-magic' | 'bad-version' | 'bad-type' {
  if (word >>> 16 !== MAGIC) return 'bad-magic';
  if (((word >>> 8) & 0xff) !== VERSION) return 'bad-version';
  const type = word & 0x7f;
  if (type !== SAMPLE_TYPE && type !== ANNOUNCEMENT_TYPE) return 'bad-type';
  return { type, isAuthenticated: (word & AUTHENTICATED_BIT) !== 0 };
}
