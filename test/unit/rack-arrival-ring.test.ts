import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allocateArrivalRing,
  ArrivalReader,
  ArrivalWriter,
  type ArrivalRingMemory,
} from '../../src/rack/arrival-ring.ts';

const CAPACITY = 256;
const HEADER_BYTES = 16;

function ring(memory: ArrivalRingMemory = allocateArrivalRing(CAPACITY)) {
  return { writer: new ArrivalWriter(memory), reader: new ArrivalReader(memory) };
}

function read(reader: ArrivalReader): { bytes: number[]; at: number }[] {
  const entries: { bytes: number[]; at: number }[] = [];
  reader.drain((view, offset, length, at) => {
    entries.push({ bytes: [...new Uint8Array(view.buffer, offset, length)], at });
  });
  return entries;
}

/** Both positions, as if this many bytes had gone through since the start. */
function advanced(position: number): ArrivalRingMemory {
  const memory = allocateArrivalRing(CAPACITY);
  const header = new Int32Array(memory.header);
  header[0] = position | 0;
  header[1] = position | 0;
  return memory;
}

test('every length comes through at every place of the ring, its end and the wrap of 2³¹ and 2³² included', () => {
  for (const base of [0, 2 ** 31 - CAPACITY, 2 ** 32 - CAPACITY]) {
    for (let start = 0; start < CAPACITY; start += 8) {
      for (let length = 0; length <= CAPACITY / 2 - HEADER_BYTES; length++) {
        const { writer, reader } = ring(advanced(base + start));
        const bytes = Array.from({ length }, (_, i) => (start + length + i) & 0xff);
        writer.write(Uint8Array.from(bytes), length + 0.5);
        assert.deepEqual(read(reader), [{ bytes, at: length + 0.5 }]);
        assert.deepEqual(read(reader), []);
      }
    }
  }
});

test('a full ring keeps what it has, counts what it drops, and takes again once it was read', () => {
  const { writer, reader } = ring();
  const entry = (value: number) => new Uint8Array(16).fill(value);
  const fits = CAPACITY / (HEADER_BYTES + 16);
  for (let i = 0; i < fits + 3; i++) writer.write(entry(i), i);
  assert.equal(reader.droppedFull, 3);
  assert.deepEqual(
    read(reader).map(({ at }) => at),
    Array.from({ length: fits }, (_, i) => i),
  );
  writer.write(entry(9), 9);
  assert.deepEqual(read(reader), [{ bytes: [...entry(9)], at: 9 }]);
  assert.equal(reader.droppedFull, 3);
});

test('the bytes skipped at the end of the ring count as taken', () => {
  const { writer, reader } = ring(advanced(CAPACITY - 24));
  writer.write(new Uint8Array(CAPACITY - 32), 1);
  assert.equal(reader.droppedFull, 1);
  writer.write(new Uint8Array(CAPACITY - 48), 2);
  assert.deepEqual(
    read(reader).map(({ bytes, at }) => [bytes.length, at]),
    [[CAPACITY - 48, 2]],
  );
});

test('a datagram longer than any form of a rack is dropped and counted apart', () => {
  const { writer, reader } = ring(allocateArrivalRing());
  writer.write(new Uint8Array(1025), 1);
  writer.write(new Uint8Array(65_507), 2);
  writer.write(new Uint8Array(1024), 3);
  assert.deepEqual([reader.droppedLong, reader.droppedFull], [2, 0]);
  assert.deepEqual(
    read(reader).map(({ at }) => at),
    [3],
  );
});

test('what comes while the ring is read waits for the next reading', () => {
  const { writer, reader } = ring();
  writer.write(Uint8Array.of(1), 1);
  const times: number[] = [];
  const handle = (_view: DataView, _offset: number, _length: number, at: number) => {
    times.push(at);
    if (at < 5) writer.write(Uint8Array.of(1), at + 1);
  };
  reader.drain(handle);
  assert.deepEqual(times, [1]);
  reader.drain(handle);
  assert.deepEqual(times, [1, 2]);
});
