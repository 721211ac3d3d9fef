import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createLineDecoder, type LineEvent } from '../../src/wire/line-decoder.ts';
import { encodeReport, parseReport } from '../../src/wire/report-lines.ts';
import { anyRackFaults, anyVerdict, REPORT } from '../support/wire-values.ts';

const MAX_LINE_BYTES = 40;

function decode(chunks: readonly Uint8Array[]): LineEvent[] {
  const decoder = createLineDecoder({ maxLineBytes: MAX_LINE_BYTES });
  return chunks.flatMap((chunk) => decoder.push(chunk));
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** The same thing said the short way, with the whole stream at hand. */
function linesOf(bytes: Buffer): LineEvent[] {
  const pieces = bytes.toString('latin1').split('\n');
  const unfinished = pieces.pop() ?? '';
  const events = pieces.map((piece): LineEvent => {
    if (piece.length > MAX_LINE_BYTES) return { kind: 'too-long' };
    return { kind: 'line', text: Buffer.from(piece, 'latin1').toString('utf8') };
  });
  return unfinished.length > MAX_LINE_BYTES ? [...events, { kind: 'too-long' }] : events;
}

const anyStream = fc
  .array(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constant(Buffer.from('\n')), fc.constant(Buffer.from('漢字\n'))))
  .map((pieces) => Buffer.concat(pieces));

test('a stream decodes the same wherever it is cut', () => {
  fc.assert(
    fc.property(anyStream, fc.array(fc.nat()), (stream, places) => {
      assert.deepEqual(decode(cut(stream, places)), linesOf(stream));
    }),
  );
});

test('a stream decodes the same byte by byte', () => {
  fc.assert(
    fc.property(anyStream, (stream) => {
      assert.deepEqual(decode(Array.from(stream, (byte) => Uint8Array.of(byte))), linesOf(stream));
    }),
  );
});

test('a report comes back exactly, on however many lines of whatever length', () => {
  const anyServers = fc.array(anyVerdict, { maxLength: 12 });
  fc.assert(
    fc.property(anyServers, anyRackFaults, fc.integer({ min: 6000, max: 9000 }), (servers, faults, maxLineBytes) => {
      const report = { ...REPORT, faults, servers };
      const lines = encodeReport(report, maxLineBytes);
      const parsed = lines.map((line) => {
        assert.ok(Buffer.byteLength(line) <= maxLineBytes);
        const answer = parseReport(line);
        assert.ok(answer.kind === 'report', JSON.stringify(answer));
        return answer.report;
      });
      assert.deepEqual(
        parsed.flatMap((part) => part.servers ?? []),
        servers,
      );
      for (const part of parsed) assert.deepEqual(part.faults, faults);
    }),
  );
});

test('any text is answered, and so is any JSON', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseReport(text)));
  fc.assert(fc.property(fc.json(), (text) => void parseReport(text)));
});

test('a report with any field replaced by any value is answered, and never believed beyond its bounds', () => {
  const fields = Object.keys(REPORT);
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
      const parsed = parseReport(JSON.stringify({ ...REPORT, [field]: value }));
      if (parsed.kind !== 'report') return;
      const { rack_id: rackId, health_score: score, server_count: count } = parsed.report;
      assert.ok(Number.isInteger(rackId) && rackId >= 0 && rackId <= 65_535);
      assert.ok(score === null || (score >= 0 && score <= 1));
      assert.ok(Number.isInteger(count) && count >= 0 && count <= 65_536);
    }),
  );
});
