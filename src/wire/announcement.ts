import * as v from 'valibot';
import { tag } from './authentication.ts';
import { boundedRecord, PositiveSchema, PrintableSchema } from './bounded-schemas.ts';
import { ANNOUNCEMENT_TYPE, HEADER_BYTES, prefix, writeHeader } from './header.ts';
import { parseJsonBytes } from './json-bytes.ts';
import { MAX_LABELS } from './text-limits.ts';

const MAX_JSON_BYTES = 512;

/** Most bytes of an announcement, its tag not counted. */
export const MAX_ANNOUNCEMENT_BYTES = HEADER_BYTES + MAX_JSON_BYTES;

/** What an agent says of itself at start and every 10 s. */
export interface Announcement {
  readonly rackId: number;
  readonly serverId: number;
  readonly bootId: number;
  /** Human name of the server, 1 to 63 printable characters. */
  readonly name: string;
  /** Version of the agent's software. */
  readonly version: string;
  readonly sampleRateHz: number;
  /** The tone it sings. */
  readonly frequencyHz: number;
  /** At most 8; keys and values 1 to 63 printable characters. */
  readonly labels: Readonly<Record<string, string>>;
}

const BodySchema = v.object({
  name: PrintableSchema,
  version: PrintableSchema,
  sample_rate_hz: PositiveSchema,
  frequency_hz: PositiveSchema,
  labels: v.optional(boundedRecord(PrintableSchema, MAX_LABELS), () => ({})),
});

/**
 * The header with sequence word 0, then the JSON, then the tag when there is a key.
 * @throws RangeError that names the field when it does not hold to its limit, or the size when the JSON is too long.
 */
export function encodeAnnouncement(announcement: Announcement, key: Buffer | null): Buffer {
  const { rackId, serverId, bootId, name, version, sampleRateHz, frequencyHz, labels } = announcement;
  const body = { name, version, sample_rate_hz: sampleRateHz, frequency_hz: frequencyHz, labels };
  const checked = v.safeParse(BodySchema, body);
  if (!checked.success) {
    const [issue] = checked.issues;
    throw new RangeError(`This announcement cannot be sent: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
  }
  const json = Buffer.from(JSON.stringify(checked.output));
  if (json.length > MAX_JSON_BYTES) {
    throw new RangeError(
      `This announcement cannot be sent: its JSON is ${json.length} bytes and at most ` +
        `${MAX_JSON_BYTES} are allowed; shorten its name or labels`,
    );
  }
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  writeHeader(header, prefix(ANNOUNCEMENT_TYPE, key !== null), { rackId, serverId, bootId, sequence: 0 });
  const bytes = Buffer.concat([header, json]);
  return key === null ? bytes : Buffer.concat([bytes, tag(bytes, key)]);
}

/**
 * Reads header and JSON of an announcement. The caller has checked prefix, length and tag, and cut the tag off. Keys of
 * the JSON that are not known are ignored, so that a later version may say more.
 */
export function readAnnouncement(bytes: Uint8Array): Announcement | 'bad-announcement' {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const checked = v.safeParse(BodySchema, parseJsonBytes(bytes.subarray(HEADER_BYTES)), { abortEarly: true });
  if (!checked.success || view.getUint32(12) !== 0) return 'bad-announcement';
  const { name, version, sample_rate_hz: sampleRateHz, frequency_hz: frequencyHz, labels } = checked.output;
  return {
    rackId: view.getUint16(4),
    serverId: view.getUint16(6),
    bootId: view.getUint32(8),
    name,
    version,
    sampleRateHz,
    frequencyHz,
    labels,
  };
}
