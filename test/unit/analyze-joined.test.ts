import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Reading } from '../../src/analyze/reading.ts';
import type { Incident } from '../../src/wire/api/incident.ts';
import { encodeIncident } from '../../src/wire/incident-line.ts';
import { hearingNotes } from '../../src/web/replay/replay-words.ts';
import { type Capsule, lossyCapsule, ONSET_SECONDS, simulateCapsule } from '../support/capsule.ts';
import { hearText, readText } from '../support/replay.ts';

/** As `netwatch analyze` reads a text. */
function analyzed(text: string) {
  const problems: string[] = [];
  const given = { sampleRateHz: null, frequencyPlan: null, windowSlots: null };
  const reading = new Reading({ ...given, onProblem: (problem) => problems.push(problem) });
  for (const line of text.split('\n')) reading.take(line);
  return { analyses: [...reading.analyses()], problems };
}

/** The same capsule as if it had happened later: its server went on sending meanwhile. */
function later({ head, sampleLines }: Capsule, seconds: number): string {
  const { since, detected, ...others } = head;
  const moved: Incident = { ...others, since: since + seconds, detected: detected + seconds };
  const lines = sampleLines.map((line) => {
    const sample = JSON.parse(line) as { seq: number; sent_ts: number; recv_ts: number };
    const { seq, sent_ts: sent, recv_ts: received } = sample;
    return JSON.stringify({
      ...sample,
      seq: seq + 20 * seconds,
      sent_ts: sent + seconds,
      recv_ts: received + seconds,
    });
  });
  return `${[encodeIncident(moved), ...lines].join('\n')}\n`;
}

const lossy = lossyCapsule();
const HOUR = 3600;

describe('two capsules of one server with an hour between them', () => {
  for (const [what, text] of [
    ['in their order', lossy.text + later(lossy, HOUR)],
    ['the later one first', later(lossy, HOUR) + lossy.text],
  ] as const) {
    test(`are heard each by itself: nothing is told of the time in between, ${what}`, () => {
      const { analyses, problems } = analyzed(text);
      assert.deepEqual(problems, []);
      const [{ faults, recordings, samples, windows, status } = assert.fail(), ...others] = analyses;
      assert.deepEqual([recordings, samples, others], [2, 2 * lossy.sampleLines.length, []]);
      assert.deepEqual(
        faults.map(({ kind }) => kind),
        ['loss', 'loss'],
      );
      const [first, second] = faults;
      assert.ok(first !== undefined && second !== undefined);
      assert.ok(Math.abs(second.onset_ts - first.onset_ts - HOUR) < 0.01, 'the same fault, an hour later');
      const alone = analyzed(lossy.text).analyses[0] ?? assert.fail();
      assert.deepEqual([windows, status], [2 * alone.windows, alone.status]);
      assert.deepEqual(first, alone.faults[0], 'as it is by itself');
    });
  }

  test('are replayed so, too, and the page says it', async () => {
    const hearing = await hearText(lossy.text + later(lossy, HOUR));
    assert.deepEqual(
      hearing.faults.map(({ kind }) => kind),
      ['loss', 'loss'],
    );
    assert.ok(hearing.faults.every(({ until, since }) => until !== null && until - since < 100));
    assert.ok(hearing.moments.every(({ verdict }) => verdict.status !== 'silent'));
    assert.deepEqual(
      [hearing.recordings, hearingNotes(hearing)],
      [2, ['The file has 2 recordings of this server. Each is heard by itself: between them nobody listened.']],
    );
    const alone = await hearText(lossy.text);
    assert.equal(hearing.moments.length, 2 * alone.moments.length);
  });
});

test('a capsule that ends silent is silent until it was found, and no longer', async () => {
  const silent = simulateCapsule({ seed: 3, kind: 'silent', detectedSeconds: 0.5 });
  const received = (line: string): number => (JSON.parse(line) as { recv_ts: number }).recv_ts;
  const before = silent.sampleLines.filter((line) => received(line) < ONSET_SECONDS);
  const text = [silent.headLine, ...before, later(lossy, HOUR)].join('\n');
  const [{ faults, status } = assert.fail()] = analyzed(text).analyses;
  assert.deepEqual(
    faults.map(({ kind, end_ts: end }) => [kind, end === null]),
    [
      ['silent', true],
      ['loss', false],
    ],
  );
  assert.notEqual(status, 'silent');
  const { faults: spans } = await hearText(text);
  assert.deepEqual(
    spans.map(({ kind }) => kind),
    ['silent', 'loss'],
  );
  assert.ok((spans[0]?.until ?? Infinity) < ONSET_SECONDS + 60);
});

test('a capsule is over where it ends, whatever other servers of the file went on', async () => {
  const text = lossyCapsule(4).text + later(lossyCapsule(5), HOUR);
  const { analyses } = analyzed(text);
  const alone = analyzed(lossyCapsule(4).text).analyses;
  assert.deepEqual(analyses[0], alone[0]);
  const file = await readText(text);
  assert.equal(file.servers().length, 2);
  const hearing = await hearText(text);
  assert.equal(hearing.server.serverId, 4);
  assert.ok(hearing.moments.every(({ verdict }) => verdict.status !== 'silent'));
});

test('a silence within one recording is silence still, and capsules that touch are one recording', () => {
  const silent = simulateCapsule({ seed: 3, kind: 'silent', detectedSeconds: 0.5 });
  const [{ faults, recordings } = assert.fail()] = analyzed(silent.text).analyses;
  assert.deepEqual([recordings, faults.map(({ kind }) => kind)], [1, ['silent']]);
  const { headLine, sampleLines } = lossy;
  const touching = [headLine, ...sampleLines.slice(0, 900), headLine, ...sampleLines.slice(900)].join('\n');
  assert.equal(analyzed(touching).analyses[0]?.recordings, 1);
});
