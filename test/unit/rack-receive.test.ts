import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LAG_BUCKETS_SECONDS } from '../../src/metrics/buckets.ts';
import { LatencyHistogram } from '../../src/rack/latency-histogram.ts';
import { ListeningProof } from '../../src/rack/listening-proof.ts';
import { allocateReceiveLag, ReceiveLag } from '../../src/rack/receive-lag.ts';
import { ReceiveObserver } from '../../src/rack/receive-observer.ts';

describe('receive lag', () => {
  test('what one thread notes, the other reads: listened until, histogram, worst lag', () => {
    const memory = allocateReceiveLag();
    const [writer, reader] = [new ReceiveLag(memory), new ReceiveLag(memory)];
    assert.equal(reader.listenedUntilSeconds, 0);
    assert.deepEqual(reader.histogram(), { bucketCounts: Array.from({ length: 10 }, () => 0), sum: 0, count: 0 });
    writer.noteListened(1_800_000_000.25);
    for (const lagSeconds of [0, 0.0005, 0.25, 3, 0.004]) writer.note(lagSeconds);
    assert.equal(reader.listenedUntilSeconds, 1_800_000_000.25);
    const { bucketCounts, sum, count } = reader.histogram();
    assert.deepEqual(bucketCounts, [2, 0, 0, 1, 0, 0, 0, 0, 1, 1]);
    assert.equal(bucketCounts.length, LAG_BUCKETS_SECONDS.length + 1);
    assert.deepEqual([sum, count], [3.2545, 5]);
  });

  test('the worst lag is taken once, and the next one is of what came after', () => {
    const lag = new ReceiveLag(allocateReceiveLag());
    lag.note(0.03);
    lag.note(0.01);
    assert.equal(lag.takeMaxSeconds(), 0.03);
    assert.equal(lag.takeMaxSeconds(), 0);
    lag.note(0.002);
    assert.equal(lag.takeMaxSeconds(), 0.002);
    lag.note(1e6);
    assert.ok(lag.takeMaxSeconds() > 2000, 'a lag of days is still a lag');
  });
});

describe('listening proof', () => {
  const turns = (proof: ListeningProof, ...taken: number[]) =>
    taken.map((datagrams) => {
      for (let i = 0; i < datagrams; i++) proof.take();
      return proof.afterTurn();
    });

  test('a quiet turn proves that all was taken until the proof began', () => {
    const proof = new ListeningProof(2 ** 20);
    assert.equal(proof.begin(10), true);
    assert.deepEqual(turns(proof, 0), [10]);
    assert.equal(proof.begin(11), true);
    assert.deepEqual(turns(proof, 31), [11]);
  });

  test('turns that took all they may prove nothing: more may be waiting', () => {
    const proof = new ListeningProof(2 ** 20);
    proof.begin(10);
    assert.deepEqual(turns(proof, 32, 32, 64), [null, null, null]);
    assert.equal(proof.begin(11), false, 'one proof at a time');
    assert.deepEqual(turns(proof, 3), [10]);
  });

  test('datagrams of turns before the proof began do not count for it', () => {
    const proof = new ListeningProof(2 ** 20);
    for (let i = 0; i < 100; i++) proof.take();
    proof.begin(10);
    assert.deepEqual(turns(proof, 5), [10]);
  });

  test('a flood that never pauses proves it once more was taken than the kernel can hold', () => {
    const proof = new ListeningProof(128 * 512);
    proof.begin(10);
    assert.deepEqual(turns(proof, 32, 32, 32, 32), [null, null, null, 10]);
    proof.begin(20);
    assert.deepEqual(turns(proof, 32, 32, 32, 32), [null, null, null, 20]);
  });
});

describe('receive observer', () => {
  test('a lag of 20 ms or more is a fault for as long as it lies in the window', () => {
    const lag = new ReceiveLag(allocateReceiveLag());
    const observer = new ReceiveObserver(lag, 12.8);
    observer.observe(100);
    assert.equal(observer.fault(100), null);
    lag.note(0.0199);
    observer.observe(101);
    assert.equal(observer.fault(101), null);
    lag.note(0.02);
    observer.observe(102);
    assert.deepEqual(observer.fault(102), {
      kind: 'observer',
      since: 102,
      severity: 'info',
      confidence: 1,
      parameters: { lag_seconds: 0.02 },
    });
    lag.note(0.3);
    observer.observe(110);
    lag.note(0.1);
    observer.observe(111);
    assert.deepEqual([observer.fault(123)?.since, observer.fault(123)?.parameters.lag_seconds], [102, 0.3]);
    assert.equal(observer.fault(123.9), null);
    lag.note(0.05);
    observer.observe(130);
    assert.deepEqual([observer.fault(130)?.since, observer.fault(130)?.parameters.lag_seconds], [130, 0.05]);
  });
});

describe('latency histogram', () => {
  test('a bound belongs to its bucket; above the last and below zero is counted too', () => {
    const histogram = new LatencyHistogram();
    for (const latencySeconds of [-5, 0.001, 0.0011, 1, 1.5]) histogram.observe(latencySeconds);
    assert.deepEqual([...histogram.bucketCounts], [2, 1, 0, 0, 0, 0, 0, 0, 1]);
    assert.equal(histogram.count, 5);
    assert.ok(Math.abs(histogram.sumMs - 2502.1) < 1e-9, `${histogram.sumMs} ms`);
  });
});
