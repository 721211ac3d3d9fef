import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { tag } from '../../src/wire/authentication.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import { encodeJsonSample } from '../../src/wire/json-datagram.ts';
import { REJECT_REASONS, type RejectReason } from '../../src/wire/reject-reason.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';
import { ANNOUNCEMENT, KEY, SAMPLE } from '../support/wire-values.ts';

const PLAIN = encodeSample(SAMPLE, null);
const TAGGED = encodeSample(SAMPLE, KEY);
const PLAIN_ANNOUNCEMENT = encodeAnnouncement(ANNOUNCEMENT, null);
const TAGGED_ANNOUNCEMENT = encodeAnnouncement(ANNOUNCEMENT, KEY);
const JSON_SAMPLE = encodeJsonSample(SAMPLE);

function altered(bytes: Buffer, offset: number, hex: string): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(Buffer.from(hex, 'hex'), offset);
  return copy;
}

function signed(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, tag(bytes, KEY)]);
}

const withoutKey: readonly (readonly [RejectReason, string, Uint8Array])[] = [
  ['too-short', 'nothing', Buffer.alloc(0)],
  ['too-short', 'less than a header', PLAIN.subarray(0, 15)],
  ['bad-magic', 'text', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['bad-magic', 'a large stranger', Buffer.alloc(65_507)],
  ['bad-version', 'version 2', altered(PLAIN, 2, '02')],
  ['bad-type', 'type 2', altered(PLAIN, 3, '02')],
  ['bad-type', 'type 64', altered(PLAIN, 3, '40')],
  ['bad-length', 'a byte missing', PLAIN.subarray(0, 31)],
  ['bad-length', 'a byte more', Buffer.concat([PLAIN, Buffer.alloc(1)])],
  ['bad-length', 'a tag without its bit', altered(TAGGED, 3, '00')],
  ['bad-length', 'the bit without a tag', altered(PLAIN, 3, '80')],
  ['too-short', 'an announcement shorter than header and tag', TAGGED_ANNOUNCEMENT.subarray(0, 31)],
  ['not-finite', 'in-phase NaN', altered(PLAIN, 24, '7fc00000')],
  ['not-finite', 'quadrature −∞', altered(PLAIN, 28, 'ff800000')],
  ['out-of-range', 'in-phase 1000000.0625', altered(PLAIN, 24, '49742401')],
  ['out-of-range', 'quadrature −1000000.0625', altered(PLAIN, 28, 'c9742401')],
  ['out-of-range', 'sent at 0', altered(PLAIN, 16, '0000000000000000')],
  ['out-of-range', 'sent at 2⁶⁴ − 1 ns, which rounds to 2⁶⁴', altered(PLAIN, 16, 'ffffffffffffffff')],
  ['bad-json', 'a brace', Buffer.from('{')],
  ['too-long', 'JSON of 513 bytes', Buffer.concat([JSON_SAMPLE, Buffer.alloc(513 - JSON_SAMPLE.length, ' ')])],
  ['bad-announcement', 'no JSON', PLAIN_ANNOUNCEMENT.subarray(0, 16)],
  ['too-long', 'an announcement of 529 bytes', Buffer.concat([PLAIN_ANNOUNCEMENT, Buffer.alloc(512)]).subarray(0, 529)],
  ['unexpected-tag', 'a tagged sample', TAGGED],
  ['unexpected-tag', 'a tagged announcement', TAGGED_ANNOUNCEMENT],
];

const withKey: readonly (readonly [RejectReason, string, Uint8Array])[] = [
  ['unauthenticated', 'a plain sample', PLAIN],
  ['unauthenticated', 'a plain announcement', PLAIN_ANNOUNCEMENT],
  ['unauthenticated', 'JSON', JSON_SAMPLE],
  ['unauthenticated', 'broken JSON', Buffer.from('{')],
  ['unauthenticated', 'a plain NaN: the payload is not looked at', altered(PLAIN, 24, '7fc00000')],
  ['bad-tag', 'the sequence changed', altered(TAGGED, 15, '05')],
  ['bad-tag', 'the tag changed', altered(TAGGED, 47, '00')],
  ['bad-tag', 'another key', encodeSample(SAMPLE, Buffer.alloc(32))],
  ['bad-tag', 'an announcement with another name', altered(TAGGED_ANNOUNCEMENT, 25, '57')],
  ['bad-length', 'a tagged sample cut short', TAGGED.subarray(0, 47)],
  ['not-finite', 'a NaN, rightly tagged', signed(altered(TAGGED, 24, '7fc00000').subarray(0, 32))],
  [
    'too-long',
    'a tagged announcement of 545 bytes',
    signed(Buffer.concat([TAGGED_ANNOUNCEMENT, Buffer.alloc(512)]).subarray(0, 529)),
  ],
];

for (const [key, cases] of [
  [null, withoutKey],
  [KEY, withKey],
] as const) {
  for (const [reason, what, bytes] of cases) {
    test(`a rack ${key === null ? 'without' : 'with'} a key: ${what} is ${reason}`, () => {
      assert.deepEqual(decodeDatagram(bytes, { key }), { kind: 'rejected', reason });
    });
  }
}

test('every reason is reached by a case above', () => {
  const reached = new Set([...withoutKey, ...withKey].map(([reason]) => reason));
  assert.deepEqual(reached, new Set(REJECT_REASONS));
});

test('each form is heard, at amplitudes up to a million', () => {
  const sample = { kind: 'sample', sample: SAMPLE };
  const announcement = { kind: 'announcement', announcement: ANNOUNCEMENT };
  assert.deepEqual(decodeDatagram(PLAIN, { key: null }), sample);
  assert.deepEqual(decodeDatagram(JSON_SAMPLE, { key: null }), sample);
  assert.deepEqual(decodeDatagram(PLAIN_ANNOUNCEMENT, { key: null }), announcement);
  assert.deepEqual(decodeDatagram(TAGGED, { key: KEY }), sample);
  assert.deepEqual(decodeDatagram(TAGGED_ANNOUNCEMENT, { key: KEY }), announcement);
  const loud = decodeDatagram(altered(PLAIN, 24, '49742400'), { key: null });
  assert.equal(loud.kind === 'sample' && loud.sample.im, 1e6);
});

test('a tagged sample is decoded from a region of shared memory', () => {
  const ring = new Uint8Array(new SharedArrayBuffer(100));
  ring.set(TAGGED, 7);
  assert.deepEqual(decodeDatagram(ring.subarray(7, 55), { key: KEY }), { kind: 'sample', sample: SAMPLE });
});
