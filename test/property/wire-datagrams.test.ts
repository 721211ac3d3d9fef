import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import { encodeJsonSample } from '../../src/wire/json-datagram.ts';
import { REJECT_REASONS } from '../../src/wire/reject-reason.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';
import { anyAnnouncement, anyJsonSample, anySample, KEY } from '../support/wire-values.ts';

const anyKey = fc.constantFrom(KEY, null);
const reasons: readonly string[] = REJECT_REASONS;

const anyValidDatagram = anyKey.chain((key) =>
  fc.oneof(
    anySample.map((sample) => encodeSample(sample, key)),
    anyAnnouncement.map((announcement) => encodeAnnouncement(announcement, key)),
    anyJsonSample.map((sample) => encodeJsonSample(sample)),
  ),
);

/** Decodes, and holds the answer to its closed set and bounds. */
function assertAnswered(bytes: Uint8Array): void {
  for (const key of [null, KEY]) {
    const decoded = decodeDatagram(bytes, { key });
    if (decoded.kind === 'rejected') assert.ok(reasons.includes(decoded.reason));
    if (decoded.kind !== 'sample') continue;
    const { sentSeconds, re, im } = decoded.sample;
    assert.ok(sentSeconds > 0 && sentSeconds < Infinity && Math.abs(re ?? 0) <= 1e6 && Math.abs(im) <= 1e6);
  }
}

test('a binary sample comes back: its numbers exactly, its time to half a microsecond', () => {
  fc.assert(
    fc.property(anySample, anyKey, (sample, key) => {
      const decoded = decodeDatagram(encodeSample(sample, key), { key });
      assert.ok(decoded.kind === 'sample');
      assert.ok(Math.abs(decoded.sample.sentSeconds - sample.sentSeconds) <= 0.5e-6);
      assert.deepEqual({ ...decoded.sample, sentSeconds: 0 }, { ...sample, sentSeconds: 0 });
    }),
  );
});

test('a JSON sample comes back exactly', () => {
  fc.assert(
    fc.property(anyJsonSample, (sample) => {
      assert.deepEqual(decodeDatagram(encodeJsonSample(sample), { key: null }), { kind: 'sample', sample });
    }),
  );
});

test('an announcement that fits comes back exactly', () => {
  fc.assert(
    fc.property(anyAnnouncement, anyKey, (announcement, key) => {
      const decoded = decodeDatagram(encodeAnnouncement(announcement, key), { key });
      assert.deepEqual(decoded, { kind: 'announcement', announcement });
    }),
  );
});

test('any bytes are answered', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), assertAnswered));
});

test('any bytes after a right prefix are answered', () => {
  const prefixes = ['4e570100', '4e570101', '4e570180', '4e570181', '7b'].map((hex) => Buffer.from(hex, 'hex'));
  fc.assert(
    fc.property(fc.constantFrom(...prefixes), fc.uint8Array({ maxLength: 600 }), (start, rest) => {
      assertAnswered(Buffer.concat([start, rest]));
    }),
  );
});

test('a valid datagram cut, extended or changed anywhere is answered', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 });
  fc.assert(
    fc.property(anyValidDatagram, edits, fc.nat(), (datagram, changes, size) => {
      const bytes = Buffer.concat([datagram, Buffer.alloc(20)]).subarray(0, size % (datagram.length + 20));
      for (const [offset, value] of changes) bytes[offset % (bytes.length + 1)] = value;
      assertAnswered(bytes);
    }),
  );
});

test('no datagram with a flipped bit is accepted by a rack with a key', () => {
  const tagged = fc.oneof(
    anySample.map((sample) => encodeSample(sample, KEY)),
    anyAnnouncement.map((announcement) => encodeAnnouncement(announcement, KEY)),
  );
  fc.assert(
    fc.property(tagged, fc.nat(), (datagram, position) => {
      const bit = position % (8 * datagram.length);
      const bytes = Buffer.from(datagram);
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.equal(decodeDatagram(bytes, { key: KEY }).kind, 'rejected');
    }),
  );
});
