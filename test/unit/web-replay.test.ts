import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import type { HeardRecording, Moment } from '../../src/web/replay/heard-recording.ts';
import { firstMoment, foundAgain, landmarksOf } from '../../src/web/replay/landmarks.ts';
import { momentAt } from '../../src/web/replay/playback.ts';
import { replayBands } from '../../src/web/replay/replay-bands.ts';
import { openStream, streamOptions } from '../../src/web/replay/stream-of.ts';
import { lossyCapsule, ONSET_SECONDS, simulateCapsule, stallingCapsule } from '../support/capsule.ts';
import { hearText, kindsOf, readText } from '../support/replay.ts';

test('a capsule of a lossy link: healthy before, loss from its onset on, healthy again', async () => {
  const hearing = await hearText(lossyCapsule().text);
  for (const second of [20, 40, 59]) assert.deepEqual(kindsOf(at(hearing, second - 60)), [], `second ${second}`);
  for (const second of [5, 20, 39]) assert.deepEqual(kindsOf(at(hearing, second)), ['loss'], `second ${second}`);
  const [fault, ...others] = hearing.faults;
  assert.deepEqual(others, []);
  assert.ok(fault !== undefined && Math.abs(fault.since - ONSET_SECONDS) < 1, `since ${fault?.since}`);
  assert.ok(fault.until !== null && fault.until > ONSET_SECONDS + 40);
  const [band] = replayBands(hearing);
  assert.deepEqual([band?.from, band?.until, band?.label], [fault.since, fault.until, 'loss']);
});

test('it begins paused where the fault was found, with the fault in the verdict', async () => {
  const hearing = await hearText(lossyCapsule().text);
  const landmarks = landmarksOf(hearing);
  assert.deepEqual(landmarks, {
    kind: 'loss',
    since: ONSET_SECONDS,
    detected: ONSET_SECONDS + 2,
    isOfRack: true,
  });
  const moment = hearing.moments[firstMoment(hearing)];
  assert.ok(moment !== undefined && moment.seconds >= landmarks.detected && moment.seconds < landmarks.detected + 5);
  assert.deepEqual(kindsOf(moment), ['loss']);
  assert.equal(moment.verdict.name, 'db-17');
  assert.equal(foundAgain(hearing, landmarks)?.kind, 'loss');
});

test('every verdict is what a rack says of the same arrivals', async () => {
  const { text } = stallingCapsule();
  const hearing = await hearText(text);
  const [server] = (await readText(text)).servers();
  assert.ok(server !== undefined);
  const stream = openStream(streamOptions(server), 'db-17');
  const analyzer = new WindowAnalyzer(256);
  const { recording } = server;
  let next = 0;
  for (const { seconds, verdict } of hearing.moments.filter((_, index) => index % 2 === 0)) {
    for (; next < recording.length && recording.receivedSeconds(next) <= seconds; next++) {
      stream.accept(recording.sample(next), recording.receivedSeconds(next));
    }
    assert.deepEqual(verdict, analyzer.judge(stream, seconds).verdict);
  }
  assert.ok(next > 2000);
});

test('stalls are named with their period', async () => {
  const hearing = await hearText(stallingCapsule().text);
  const fault = at(hearing, 38)?.verdict.faults.find(({ kind }) => kind === 'periodic-delay');
  assert.ok(Math.abs((fault?.parameters['period_seconds'] ?? 0) - 5) < 0.1);
});

test('a server that falls silent is silent from then on, though nothing comes any more', async () => {
  const { headLine, sampleLines } = simulateCapsule({ seed: 3, kind: 'silent', detectedSeconds: 0.5 });
  const before = sampleLines.filter((line) => recvOf(line) < ONSET_SECONDS);
  const hearing = await hearText([headLine, ...before].join('\n'));
  assert.equal(hearing.moments[firstMoment(hearing)]?.verdict.status, 'silent');
  assert.equal(hearing.moments.at(-1)?.verdict.status, 'silent');
});

test('what a fault did is seen: frames have the slots that were lost, and half a second lies between two', async () => {
  const hearing = await hearText(lossyCapsule().text);
  const slots = at(hearing, 30)?.frame.window?.slots ?? '';
  assert.equal(slots.length, 256);
  const lost = slots.split('l').length - 1;
  assert.ok(lost > 25 && lost < 80, `${lost} lost`);
  const [first, second] = hearing.moments;
  assert.equal((second?.seconds ?? 0) - (first?.seconds ?? 0), 0.5);
  assert.equal(hearing.history.timestamps.length, Math.ceil(hearing.moments.length / 2));
});

test('a capture without a head is heard with the rate it was sent at and the default tone; the fault is found', async () => {
  const { sampleLines } = lossyCapsule();
  const hearing = await hearText(sampleLines.join('\n'));
  assert.equal(hearing.moments[0]?.verdict.sample_rate_hz, 20);
  assert.equal(hearing.moments[0].verdict.expected_frequency_hz, 3.25);
  const landmarks = landmarksOf(hearing);
  assert.ok(landmarks !== null && !landmarks.isOfRack && landmarks.kind === 'loss');
  assert.ok(Math.abs(landmarks.since - ONSET_SECONDS) < 1);
});

test('an hour of nothing is not gone through', async () => {
  const { sampleLines } = lossyCapsule();
  const later = sampleLines.map((line) => {
    const sample = JSON.parse(line) as { seq: number; sent_ts: number; recv_ts: number };
    const { seq, sent_ts: sent, recv_ts: received } = sample;
    return JSON.stringify({ ...sample, seq: seq + 72_000, sent_ts: sent + 3600, recv_ts: received + 3600 });
  });
  const hearing = await hearText([...sampleLines, ...later].join('\n'));
  assert.equal(hearing.pauses.length, 1);
  const [from, until] = hearing.pauses[0] ?? [0, 0];
  assert.ok(until - from > 3300 && until - from < 3600, `${until - from} s`);
  assert.ok(hearing.moments.length < 900, `${hearing.moments.length} moments`);
});

function at({ moments }: HeardRecording, secondsAfterOnset: number): Moment | undefined {
  return moments[momentAt(moments, ONSET_SECONDS + secondsAfterOnset)];
}

function recvOf(line: string): number {
  return (JSON.parse(line) as { recv_ts: number }).recv_ts;
}
