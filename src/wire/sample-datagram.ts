import type { Sample } from '../core/sample.ts';
import { tag, TAG_BYTES } from './authentication.ts';
import { HEADER_BYTES, prefix, SAMPLE_TYPE, writeHeader } from './header.ts';
import { valueFault } from './sample-limits.ts';

/**
 * The binary sample: the header, then, network byte order:
 *
 * | offset | size | field |
 * |---|---|---|
 * | 16 | 8 | send time, ns since the Unix epoch, agent's clock |
 * | 24 | 4 | in-phase sample A·sin(2πft), float32: `im` |
 * | 28 | 4 | quadrature sample A·cos(2πft), float32: `re` |
 * | 32 | 16 | tag, only when authenticated |
 */
export const SAMPLE_BYTES = 32;

const PLAIN_PREFIX = prefix(SAMPLE_TYPE, false);
const TWO_TO_32 = 2 ** 32;
const NS_PER_SECOND = 1e9;

/**
 * 32 bytes, or 48 with a key.
 * @throws RangeError when the sample has no boot id or quadrature, or a value does not fit its field.
 */
export function encodeSample(sample: Sample, key: Buffer | null): Buffer {
  const { rackId, serverId, bootId, sequence, sentSeconds, re, im } = sample;
  if (bootId === null || re === null) {
    throw new RangeError('A binary sample needs a boot id and a quadrature value; the JSON form does without');
  }
  const fault = valueFault(sentSeconds, re, im);
  if (fault !== null) throw new RangeError(`A sample that no rack would accept: ${fault}`);

  const bytes = Buffer.allocUnsafe(key === null ? SAMPLE_BYTES : SAMPLE_BYTES + TAG_BYTES);
  writeHeader(bytes, prefix(SAMPLE_TYPE, key !== null), { rackId, serverId, bootId, sequence });
  const sentNs = Math.round(sentSeconds * NS_PER_SECOND);
  const high = Math.floor(sentNs / TWO_TO_32);
  bytes.writeUInt32BE(high, HEADER_BYTES);
  bytes.writeUInt32BE(sentNs - high * TWO_TO_32, 20);
  bytes.writeFloatBE(im, 24);
  bytes.writeFloatBE(re, 28);
  if (key !== null) bytes.set(tag(bytes.subarray(0, SAMPLE_BYTES), key), SAMPLE_BYTES);
  return bytes;
}

/** True when the region is an unauthenticated binary sample by its first four bytes and its length. */
export function isPlainSample(view: DataView, offset: number, length: number): boolean {
  return length === SAMPLE_BYTES && view.getUint32(offset) === PLAIN_PREFIX;
}

/**
 * Reads the sample at `offset` in place: no copy, and one object made. The caller has checked prefix, length and tag;
 * with `isPlainSample` this is the whole way from a receive ring to a `Sample` for a rack without a key.
 * The 64-bit time is taken as a double, which rounds it to 256 ns (until 2043) and spares a BigInt per datagram.
 */
export function readSample(view: DataView, offset: number): Sample | 'not-finite' | 'out-of-range' {
  const sentNs = view.getUint32(offset + 16) * TWO_TO_32 + view.getUint32(offset + 20);
  const sentSeconds = sentNs / NS_PER_SECOND;
  const im = view.getFloat32(offset + 24);
  const re = view.getFloat32(offset + 28);
  const fault = valueFault(sentSeconds, re, im);
  if (fault !== null) return fault;
  return {
    rackId: view.getUint16(offset + 4),
    serverId: view.getUint16(offset + 6),
    bootId: view.getUint32(offset + 8),
    sequence: view.getUint32(offset + 12),
    sentSeconds,
    re,
    im,
  };
}
