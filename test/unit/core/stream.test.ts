import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Sample } from '../../../src/core/sample.ts';
import { type Acceptance, Stream } from '../../../src/core/stream.ts';
import { WindowAnalyzer } from '../../../src/core/window-analyzer.ts';

const START = 1_800_000_000;

interface Packet {
  readonly k: number;
  readonly bootId?: number | null;
  readonly delay?: number;
  readonly sequence?: number;
  readonly sentSeconds?: number;
}

class Link {
  readonly stream: Stream;
  nowSeconds = START;

  constructor(isAuthenticated = false) {
    this.stream = new Stream({
      rackId: 0,
      serverId: 0,
      frequencyHz: 1,
      sampleRateHz: 20,
      windowSlots: 256,
      isAuthenticated,
    });
  }

  send({ k, bootId = 1, delay = 0.001, sequence = k, sentSeconds = START + k * 0.05 }: Packet): Acceptance {
    const angle = 2 * Math.PI * (sentSeconds % 1);
    const sample: Sample = {
      rackId: 0,
      serverId: 0,
      bootId,
      sequence,
      sentSeconds,
      re: bootId === null ? null : Math.cos(angle),
      im: Math.sin(angle),
    };
    this.nowSeconds = Math.max(this.nowSeconds, sentSeconds + delay);
    return this.stream.accept(sample, sentSeconds + delay);
  }

  sendRange(from: number, to: number, packet: Omit<Packet, 'k'> = {}): void {
    for (let k = from; k < to; k++) this.send({ ...packet, k });
  }

  judge() {
    return new WindowAnalyzer(256).judge(this.stream, this.nowSeconds).verdict;
  }
}

function sampleAt(sequence: number, sentSeconds: number): Sample {
  const angle = 2 * Math.PI * (sentSeconds % 1);
  return { rackId: 0, serverId: 0, bootId: 1, sequence, sentSeconds, re: Math.cos(angle), im: Math.sin(angle) };
}

describe('stream', () => {
  test('is warming until it has given 64 samples', () => {
    const link = new Link();
    link.sendRange(0, 63);
    assert.equal(link.judge().status, 'warming');
    assert.equal(link.judge().spectral_error, null);
    link.send({ k: 63 });
    assert.equal(link.judge().status, 'healthy');
  });

  test('a hole counts as lost only once its deadline has passed', () => {
    const link = new Link();
    link.sendRange(0, 100);
    link.sendRange(101, 140);
    assert.equal(link.stream.counts.lost, 0);
    link.sendRange(140, 142);
    assert.equal(link.stream.counts.lost, 1);
  });

  test('a long hole is counted whole, also beyond the window', () => {
    const link = new Link();
    link.sendRange(0, 100);
    link.sendRange(500, 600);
    assert.equal(link.stream.counts.lost, 400);
    assert.equal(link.stream.counts.received, 200);
  });

  test('a duplicate counts once as received and once as duplicate', () => {
    const link = new Link();
    link.sendRange(0, 70);
    assert.equal(link.send({ k: 69 }), 'duplicate');
    assert.equal(link.stream.counts.received, 70);
    assert.equal(link.stream.counts.duplicate, 1);
  });

  test('an overtaken sample takes its slot and counts as reordered, not lost', () => {
    const link = new Link();
    link.sendRange(0, 70);
    link.send({ k: 71 });
    assert.equal(link.send({ k: 70, delay: 0.12 }), 'accepted');
    link.sendRange(72, 200);
    assert.deepEqual([link.stream.counts.reordered, link.stream.counts.lost], [1, 0]);
    assert.ok((link.judge().spectral_error ?? 1) < 0.002);
  });

  test('a sample later than the deadline is late and its slot stays lost', () => {
    const link = new Link();
    link.sendRange(0, 100);
    link.sendRange(101, 200);
    assert.equal(link.send({ k: 100, delay: 4 }), 'late');
    assert.deepEqual([link.stream.counts.late, link.stream.counts.lost], [1, 1]);
  });

  test('everything later than the deadline: heard, but all of it lost', () => {
    const link = new Link();
    link.sendRange(0, 300);
    link.sendRange(300, 700, { delay: 3 });
    const verdict = link.judge();
    assert.equal(verdict.status, 'critical');
    assert.equal(verdict.spectral_error, 1);
  });

  test('a gap of silence within one boot is loss', () => {
    const link = new Link();
    link.sendRange(0, 300);
    link.sendRange(340, 400);
    assert.equal(link.stream.counts.lost, 40);
  });

  test('a sequence number that cannot be is not believed, and harms nothing', () => {
    const link = new Link();
    link.sendRange(0, 300);
    assert.equal(link.send({ k: 300, sequence: 5_000_000 }), 'implausible');
    link.sendRange(300, 320);
    assert.equal(link.stream.counts.lost, 0);
    assert.ok((link.judge().spectral_error ?? 1) < 0.002);
  });

  test('one sample with a send time that cannot be is not believed, and harms nothing', () => {
    const link = new Link();
    link.sendRange(0, 300);
    assert.equal(link.stream.accept(sampleAt(300, START + 1e9), link.nowSeconds + 0.05), 'implausible');
    link.sendRange(300, 400);
    const { spectral_error, jitter_seconds, sample_rate_hz } = link.judge();
    assert.ok((spectral_error ?? 1) < 0.002);
    assert.ok((jitter_seconds ?? 1) < 0.001);
    assert.equal(sample_rate_hz, 20);
  });

  test("a sender's clock that is set forward is learned anew at once", () => {
    const link = new Link();
    link.sendRange(0, 300);
    for (let k = 300; k < 700; k++) link.stream.accept(sampleAt(k, START + k * 0.05 + 3600), START + k * 0.05 + 0.001);
    link.nowSeconds = START + 700 * 0.05;
    const { status, delay_seconds } = link.judge();
    assert.equal(status, 'healthy');
    assert.ok(Math.abs(delay_seconds ?? 1) < 0.001);
  });

  test("a sender's clock that is set back is loss for five minutes, and then learned anew", () => {
    const link = new Link();
    link.sendRange(0, 300);
    const setBack = (from: number, to: number) => {
      for (let k = from; k < to; k++) link.stream.accept(sampleAt(k, START + k * 0.05 - 60), START + k * 0.05 + 0.001);
      link.nowSeconds = START + to * 0.05;
      return link.judge();
    };
    assert.equal(setBack(300, 2000).status, 'critical');
    assert.equal(setBack(2000, 7000).status, 'healthy');
  });

  test('a stamp in doubt is taken for what was expected, as far as the doubt reaches', () => {
    const link = new Link();
    link.sendRange(0, 300);
    const sample = sampleAt(300, START + 15);
    const nearly = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-4, `${actual}`);
    nearly(link.stream.likelyArrivalSeconds(sample, START + 20, 6), START + 15.001);
    nearly(link.stream.likelyArrivalSeconds(sample, START + 20, 2), START + 18);
    nearly(link.stream.likelyArrivalSeconds(sample, START + 15, 2), START + 15);
  });

  test('a sample of another form within a stream is not believed', () => {
    const link = new Link();
    link.sendRange(0, 300);
    assert.equal(link.stream.accept({ ...sampleAt(300, START + 15), re: null }, START + 15.001), 'implausible');
    link.sendRange(300, 400);
    assert.ok((link.judge().spectral_error ?? 1) < 0.002);
  });

  test('a stream that goes on elsewhere for 64 samples is taken up anew', () => {
    const link = new Link();
    link.sendRange(0, 300);
    for (let k = 300; k < 500; k++) link.send({ k, sequence: 5_000_000 + k });
    assert.equal(link.judge().status, 'healthy');
    assert.equal(link.stream.counts.lost, 0);
  });

  test('a sender without boot id that starts again at 0 is a restart, even soon', () => {
    const link = new Link();
    link.sendRange(0, 100, { bootId: null });
    for (let k = 104; k < 250; k++) link.send({ k, sequence: k - 104, bootId: null });
    assert.equal(link.stream.counts.lost, 0);
    assert.equal(link.stream.counts.duplicate, 0);
    assert.equal(link.judge().status, 'healthy');
  });
});

describe('boot ids', () => {
  test('a second live boot id is a conflict: counted, shown, and the first keeps the place', () => {
    const link = new Link();
    link.sendRange(0, 100);
    for (let k = 100; k < 160; k++) {
      link.send({ k });
      assert.equal(link.send({ k, bootId: 2 }), 'conflict');
    }
    const verdict = link.judge();
    assert.equal(link.stream.counts.conflict, 60);
    assert.equal(link.stream.bootId, 1);
    assert.equal(verdict.status, 'healthy');
    assert.deepEqual(
      verdict.faults.map((fault) => fault.kind),
      ['conflict'],
    );
    link.sendRange(160, 300);
    assert.deepEqual(link.judge().faults, []);
  });

  test('a quick restart is no conflict: the old boot is not heard again', () => {
    const link = new Link();
    link.sendRange(0, 100);
    link.sendRange(102, 300, { bootId: 2 });
    assert.equal(link.stream.bootId, 2);
    assert.deepEqual(link.judge().faults, []);
    assert.equal(link.stream.counts.lost, 0);
  });

  test('authenticated: what is older than what is known is a replay, also after the agent died', () => {
    const link = new Link(true);
    link.sendRange(0, 100, { bootId: 1 });
    link.sendRange(120, 700, { bootId: 2 });
    assert.equal(link.send({ k: 50, bootId: 1, delay: 36 }), 'replay');
    assert.equal(link.send({ k: 130, bootId: 2, delay: 30 }), 'replay');
    assert.equal(link.send({ k: 690, bootId: 2, delay: 5 }), 'duplicate');
    const lastHeard = link.stream.lastHeardSeconds;
    link.nowSeconds += 60;
    assert.equal(link.send({ k: 80, bootId: 1, delay: 90 }), 'replay');
    assert.equal(link.stream.bootId, 2);
    assert.equal(link.stream.lastHeardSeconds, lastHeard);
    assert.equal(link.judge().status, 'silent');
  });

  test('authenticated: a second live agent is a conflict also when its clock is some way off, and takes no place', () => {
    for (const offset of [-1, 30]) {
      const link = new Link(true);
      link.sendRange(0, 300);
      for (let k = 300; k < 340; k++) {
        link.send({ k });
        const sentSeconds = START + k * 0.05 + offset;
        assert.equal(link.stream.accept({ ...sampleAt(k, sentSeconds), bootId: 2 }, link.nowSeconds), 'conflict');
      }
      assert.equal(link.stream.bootId, 1);
      assert.deepEqual(
        link.judge().faults.map(({ kind }) => kind),
        ['conflict'],
      );
    }
  });

  test('authenticated: a replay that a new rack heard first gives way to the agent itself', () => {
    const link = new Link(true);
    for (let k = 0; k < 40; k++) link.send({ k, bootId: 1, delay: 60 });
    assert.equal(link.send({ k: 1400, bootId: 2 }), 'accepted');
    assert.equal(link.stream.bootId, 2);
    assert.equal(link.send({ k: 40, bootId: 1, delay: 68 }), 'replay');
  });
});
