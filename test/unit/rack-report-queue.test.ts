import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReportQueue } from '../../src/rack/report-queue.ts';

function queueOf(limits: { maxReports?: number; maxBytes?: number } = {}, sequences: readonly number[] = []) {
  const queue = new ReportQueue({ maxReports: 10, maxBytes: 1000, ...limits });
  for (const sequence of sequences) push(queue, sequence);
  return queue;
}

function push(queue: ReportQueue, sequence: number, bytes = 10): void {
  queue.push({ sequence, bytes: Buffer.alloc(bytes) });
}

/** Writes all that is not written yet, and gives their numbers. */
function write(queue: ReportQueue): number[] {
  const written: number[] = [];
  for (let report = queue.next(); report; report = queue.next()) {
    queue.markWritten(report.sequence);
    written.push(report.sequence);
  }
  return written;
}

test('reports are written in order, each once', () => {
  const queue = queueOf({}, [1, 2, 3]);
  assert.deepEqual(write(queue), [1, 2, 3]);
  assert.deepEqual(write(queue), []);
  push(queue, 4);
  assert.deepEqual(write(queue), [4]);
});

test('one too many pushes out the oldest, which is counted', () => {
  const queue = queueOf({ maxReports: 3 }, [1, 2, 3, 4, 5]);
  assert.deepEqual([queue.length, queue.dropped], [3, 2]);
  assert.deepEqual(write(queue), [3, 4, 5]);
});

test('too many bytes push out as many of the oldest as it takes, but never the newest', () => {
  const queue = queueOf({ maxBytes: 100 });
  push(queue, 1, 40);
  push(queue, 2, 40);
  push(queue, 3, 90);
  assert.deepEqual([queue.length, queue.dropped], [1, 2]);
  push(queue, 4, 5000);
  assert.deepEqual([queue.length, queue.dropped], [1, 3]);
  assert.deepEqual(write(queue), [4]);
  queue.acknowledge(4);
  push(queue, 5, 60);
  push(queue, 6, 40);
  assert.deepEqual([queue.length, queue.dropped], [2, 3], 'what was acknowledged takes no room');
});

test('an acknowledgement is for every report up to it', () => {
  const queue = queueOf({}, [1, 2, 3, 4]);
  write(queue);
  queue.acknowledge(3);
  assert.equal(queue.length, 1);
  queue.acknowledge(2);
  queue.acknowledge(0);
  assert.equal(queue.length, 1);
  queue.acknowledge(4);
  assert.deepEqual([queue.length, queue.next(), queue.dropped], [0, null, 0]);
});

test('after the connection broke, all that is not acknowledged is written again, in order', () => {
  const queue = queueOf({}, [1, 2, 3]);
  write(queue);
  queue.markFlushed(1);
  queue.markFlushed(2);
  queue.acknowledge(1);
  queue.rewind();
  push(queue, 4);
  assert.deepEqual(write(queue), [2, 3, 4]);
});

test('without acknowledgements, what the kernel took is forgotten and the rest is not', () => {
  const queue = queueOf({}, [1, 2, 3]);
  queue.markWritten(1);
  queue.markWritten(2);
  queue.markFlushed(1);
  queue.forgetFlushed();
  queue.rewind();
  assert.deepEqual(write(queue), [2, 3]);
});

test('what the kernel says after the connection broke, or of a report pushed out, changes nothing', () => {
  const queue = queueOf({ maxReports: 2 }, [1, 2]);
  write(queue);
  queue.rewind();
  queue.markFlushed(1);
  queue.forgetFlushed();
  assert.equal(queue.length, 2);
  push(queue, 3);
  queue.markWritten(1);
  queue.markFlushed(1);
  assert.deepEqual(write(queue), [2, 3]);
});
