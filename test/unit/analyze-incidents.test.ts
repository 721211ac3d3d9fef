import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { HearingOptions } from '../../src/analyze/hearing.ts';
import { Reading } from '../../src/analyze/reading.ts';
import type { Incident } from '../../src/wire/api/incident.ts';
import { encodeIncident } from '../../src/wire/incident-line.ts';
import { INCIDENT } from '../support/incidents.ts';
import { linesOf } from '../support/ndjson.ts';
import { recordLink } from '../support/recorded-link.ts';
import { EPOCH_SECONDS, simulateLink } from '../support/simulated-link.ts';

const NOTHING_GIVEN: HearingOptions = { sampleRateHz: null, frequencyPlan: null, windowSlots: null };
/** By the default plan server 3 of rack 1 sings 2.15 Hz; its rack had another plan. */
const OF = { rackId: INCIDENT.rack_id, serverId: INCIDENT.server_id };
const PLANNED_HZ = 2.15;
const SUNG_HZ = INCIDENT.expected_frequency_hz;

function read(lines: Iterable<string>, given: Partial<HearingOptions> = {}) {
  const problems: string[] = [];
  const reading = new Reading({ ...NOTHING_GIVEN, ...given, onProblem: (problem) => problems.push(problem) });
  for (const line of lines) reading.take(line);
  const analyses = [...reading.analyses()];
  return { analyses, problems, broken: reading.broken };
}

const headOf = (changes: Partial<Incident> = {}) =>
  encodeIncident({ ...INCIDENT, detected: EPOCH_SECONDS, ...changes });
const samples = linesOf(simulateLink({ seed: 1, seconds: 30, toneHz: SUNG_HZ }), OF);

/** As a tool that sorts keys writes it, with spaces. */
const { type, ...others } = INCIDENT;
const REWRITTEN = JSON.stringify({ ...others, detected: EPOCH_SECONDS, type }, null, 1).replaceAll('\n', '');

describe('the head of an incident', () => {
  test('says with what its server is heard, wherever in the file it stands', () => {
    assert.equal(read(samples).analyses[0]?.status, 'critical', 'by the default plan this is another tone');
    const places = [
      [headOf(), ...samples],
      [...samples, headOf()],
      samples.toSpliced(100, 0, headOf()),
      [REWRITTEN, ...samples],
    ];
    for (const lines of places) {
      const { analyses, problems } = read(lines);
      const [{ status, expected_frequency_hz: toneHz, samples: count } = assert.fail()] = analyses;
      assert.deepEqual([status, toneHz, count, problems], ['healthy', SUNG_HZ, 600, []]);
    }
  });

  test('says rate and window too', () => {
    const link = { seed: 2, seconds: 30, toneHz: 12, intervalSeconds: 0.02 };
    const lines = linesOf(simulateLink(link), OF);
    const head = headOf({ expected_frequency_hz: 12, sample_rate_hz: 50, window_slots: 1024 });
    const [analysis = assert.fail()] = read([head, ...lines]).analyses;
    assert.deepEqual([analysis.status, analysis.sample_rate_hz], ['healthy', 50]);
    // A window of 1024 slots is full after 20.5 s; one of 256 slots would see the whole of these 30 s of loss as it is now.
    const lossy = simulateLink({ ...link, network: (elapsed) => (elapsed > 20 && elapsed < 24 ? null : 0) });
    const [{ loss_ratio: loss } = assert.fail()] = read([head, ...linesOf(lossy, OF)]).analyses;
    assert.ok((loss ?? 0) > 0.15, 'the window reaches back to the loss');
  });

  test('gives way to what the user says', () => {
    const planned = linesOf(simulateLink({ seed: 3, seconds: 30, toneHz: PLANNED_HZ }), OF);
    const frequencyPlan = { kind: 'default' } as const;
    const [analysis = assert.fail()] = read([headOf(), ...planned], { frequencyPlan }).analyses;
    assert.deepEqual([analysis.status, analysis.expected_frequency_hz], ['healthy', PLANNED_HZ]);
    const [fast = assert.fail()] = read([headOf({ sample_rate_hz: 50 }), ...samples], { sampleRateHz: 20 }).analyses;
    assert.equal(fast.sample_rate_hz, 20);
  });

  test('is of its server alone', () => {
    const other = linesOf(simulateLink({ seed: 4, seconds: 30, toneHz: 1 }), { rackId: 0, serverId: 0 });
    const { analyses } = read([headOf(), ...samples, ...other]);
    assert.deepEqual(
      analyses.map(({ expected_frequency_hz: toneHz, status }) => [toneHz, status]),
      [
        [1, 'healthy'],
        [SUNG_HZ, 'healthy'],
      ],
    );
  });

  test('alone is no server, and the newest of several counts', () => {
    assert.deepEqual(read([headOf()]), { analyses: [], problems: [], broken: 0 });
    const older = headOf({ detected: EPOCH_SECONDS - 500, expected_frequency_hz: PLANNED_HZ });
    for (const heads of [
      [older, headOf()],
      [headOf(), older],
    ]) {
      assert.equal(read([...heads, ...samples]).analyses[0]?.expected_frequency_hz, SUNG_HZ);
    }
  });

  test('that cannot be used is a broken line that says why', () => {
    const { problems, broken } = read([headOf().replace('"since":', '"sinse":'), ...samples]);
    assert.deepEqual([broken, problems.length], [1, 1]);
    assert.match(problems[0] ?? '', /^line 1: incident: since: /);
    const odd: readonly (readonly [Partial<Incident>, RegExp])[] = [
      [{ window_slots: 100 }, /its window_slots are 100, allowed: a power of two from 64 to 4096; 600 lines/],
      [{ window_slots: 2 ** 40 }, /its window_slots are 1099511627776, allowed/],
      [{ sample_rate_hz: 1e6 }, /its sample_rate_hz is 1000000, allowed: 1 to 1000/],
      [{ expected_frequency_hz: 11 }, /no tone below 0\.45 × 20 samples\/s/],
    ];
    for (const [changes, message] of odd) {
      const answer = read([headOf(changes), ...samples]);
      assert.deepEqual([answer.analyses, answer.broken], [[], 600]);
      assert.match(answer.problems[0] ?? '', message);
    }
  });
});

test('a capsule of silence is silent, though nothing comes after', () => {
  const lines = linesOf(recordLink({ healthySeconds: 60, brokenSeconds: 0 }), OF);
  const [since, detected] = [EPOCH_SECONDS + 60, EPOCH_SECONDS + 60.4];
  const [analysis = assert.fail()] = read([headOf({ kind: 'silent', since, detected }), ...lines]).analyses;
  assert.equal(analysis.status, 'silent');
  assert.deepEqual(
    analysis.faults.map(({ kind, end_ts: end }) => [kind, end]),
    [['silent', null]],
  );
});

test('a capsule that was cut off is not silent from there on: nothing says that it was listened to', () => {
  const lines = linesOf(recordLink({ healthySeconds: 60, brokenSeconds: 0 }), OF);
  const [since, detected] = [EPOCH_SECONDS + 90, EPOCH_SECONDS + 95];
  const [analysis = assert.fail()] = read([headOf({ since, detected }), ...lines]).analyses;
  assert.deepEqual([analysis.status, analysis.faults], ['healthy', []]);
});

test('capsules of one server that overlap are one recording, not duplicates', () => {
  const arrivals = recordLink({ healthySeconds: 60, brokenSeconds: 60, network: () => 0.005 });
  const first = linesOf(arrivals.slice(0, 1800), OF);
  const second = linesOf(arrivals.slice(600), OF);
  const kinds = (lines: readonly string[]) => read(lines).analyses[0]?.faults.map(({ kind }) => kind);
  assert.deepEqual(kinds([headOf(), ...first, headOf({ detected: EPOCH_SECONDS + 1 }), ...second]), ['delay-shift']);
  assert.deepEqual(
    kinds([headOf(), ...first, ...second]),
    ['duplicate', 'delay-shift'],
    'without a second head they are',
  );
});

test('what a browser takes of it is free of Node', () => {
  const folder = new URL('../../src/analyze/', import.meta.url);
  const withNode = readdirSync(folder).filter((name) =>
    /'node:|\bBuffer\b/.test(readFileSync(new URL(name, folder), 'utf8')),
  );
  assert.deepEqual(withNode, ['run-analyze.ts']);
});
