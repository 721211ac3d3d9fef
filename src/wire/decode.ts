import type { Sample } from '../core/sample.ts';
import { MAX_ANNOUNCEMENT_BYTES, readAnnouncement, type Announcement } from './announcement.ts';
import { TAG_BYTES, verify } from './authentication.ts';
import { HEADER_BYTES, readPrefix, SAMPLE_TYPE } from './header.ts';
import { decodeJsonSample } from './json-datagram.ts';
import type { RejectReason } from './reject-reason.ts';
import { isPlainSample, readSample, SAMPLE_BYTES } from './sample-datagram.ts';

export type Decoded =
  | { readonly kind: 'sample'; readonly sample: Sample }
  | { readonly kind: 'announcement'; readonly announcement: Announcement }
  | { readonly kind: 'rejected'; readonly reason: RejectReason };

export interface DecodeOptions {
  /** With a key, only binary datagrams that carry its tag are accepted. */
  readonly key: Buffer | null;
}

const OPENING_BRACE = 0x7b;

/**
 * What a datagram says, whichever form it has. Any bytes are answered, none throw; the tag is checked before anything
 * it protects is believed. Nothing in the answer refers to `bytes`, which may be reused at once.
 */
export function decodeDatagram(bytes: Uint8Array, options: DecodeOptions): Decoded {
  const { key } = options;
  if (bytes[0] === OPENING_BRACE) {
    return key === null ? sampleOrRejected(decodeJsonSample(bytes)) : rejected('unauthenticated');
  }
  if (bytes.length < HEADER_BYTES) return rejected('too-short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (key === null && isPlainSample(view, 0, bytes.length)) return sampleOrRejected(readSample(view, 0));

  const said = readPrefix(view.getUint32(0));
  if (typeof said === 'string') return rejected(said);
  const contentBytes = bytes.length - (said.isAuthenticated ? TAG_BYTES : 0);
  if (said.type === SAMPLE_TYPE && contentBytes !== SAMPLE_BYTES) return rejected('bad-length');
  if (contentBytes < HEADER_BYTES) return rejected('too-short');
  if (contentBytes > MAX_ANNOUNCEMENT_BYTES) return rejected('too-long');
  const fault = tagFault(bytes, said.isAuthenticated, key);
  if (fault !== null) return rejected(fault);

  if (said.type === SAMPLE_TYPE) return sampleOrRejected(readSample(view, 0));
  const announcement = readAnnouncement(bytes.subarray(0, contentBytes));
  return typeof announcement === 'string' ? rejected(announcement) : { kind: 'announcement', announcement };
}

function tagFault(bytes: Uint8Array, isAuthenticated: boolean, key: Buffer | null): RejectReason | null {
  if (key === null) return isAuthenticated ? 'unexpected-tag' : null;
  if (!isAuthenticated) return 'unauthenticated';
  return verify(bytes, key) ? null : 'bad-tag';
}

function sampleOrRejected(result: Sample | RejectReason): Decoded {
  return typeof result === 'string' ? rejected(result) : { kind: 'sample', sample: result };
}

function rejected(reason: RejectReason): Decoded {
  return { kind: 'rejected', reason };
}
