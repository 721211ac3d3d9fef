import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createFrameDecoder } from '../../src/chaos/docker/frames.ts';

/** A frame as the daemon sends it: stream 1 is standard output, 2 standard error. */
function frame(stream: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

test('lines come out of frames, however frames cut them', () => {
  const decoder = createFrameDecoder();
  assert.deepEqual(decoder.push(frame(1, 'one\ntwo\nthr')), ['one', 'two']);
  assert.deepEqual(decoder.push(frame(1, 'ee\n')), ['three']);
});

test('standard output and standard error do not mix within a line', () => {
  const decoder = createFrameDecoder();
  const bytes = Buffer.concat([frame(1, 'netwatch: '), frame(2, 'tc: warning\n'), frame(1, 'ready\n')]);
  assert.deepEqual(decoder.push(bytes), ['tc: warning', 'netwatch: ready']);
});

test('an empty frame is nothing', () => {
  assert.deepEqual(createFrameDecoder().push(Buffer.concat([frame(1, ''), frame(1, 'on\n')])), ['on']);
});

test('wherever the connection cuts the bytes, the lines are the same', () => {
  const pieces = fc.array(fc.record({ stream: fc.constantFrom(1, 2), text: fc.string() }), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(40)), (written, cuts) => {
      const bytes = Buffer.concat(written.map(({ stream, text }) => frame(stream, `${text}\n`)));
      const decoder = createFrameDecoder();
      const lines: string[] = [];
      let at = 0;
      for (const length of cuts) {
        lines.push(...decoder.push(bytes.subarray(at, at + length)));
        at += length;
      }
      lines.push(...decoder.push(bytes.subarray(at)));
      assert.deepEqual(lines, createFrameDecoder().push(bytes));
    }),
  );
});
