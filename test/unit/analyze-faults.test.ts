import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Analysis } from '../../src/analyze/analyze-recording.ts';
import type { RecordedFault } from '../../src/analyze/fault-log.ts';
import type { HearingOptions } from '../../src/analyze/hearing.ts';
import { Reading } from '../../src/analyze/reading.ts';
import { encodeIncident } from '../../src/wire/incident-line.ts';
import { INCIDENT } from '../support/incidents.ts';
import { linesOf } from '../support/ndjson.ts';
import { onsetSecondsOf, recordLink, type RecordedLink } from '../support/recorded-link.ts';

const SERVER = { rackId: 0, serverId: 7 };
const NOTHING_GIVEN: HearingOptions = { sampleRateHz: null, frequencyPlan: null, windowSlots: null };

function read(lines: Iterable<string>, given: HearingOptions = NOTHING_GIVEN) {
  const problems: string[] = [];
  const reading = new Reading({ ...given, onProblem: (problem) => problems.push(problem) });
  for (const line of lines) reading.take(line);
  const analyses = [...reading.analyses()];
  return { analyses, problems, broken: reading.broken };
}

function analysisOf(link: RecordedLink): Analysis {
  return read(linesOf(recordLink(link), SERVER)).analyses[0] ?? assert.fail();
}

/** Times of a fault against the onset of what was done to the link. */
function relative(link: RecordedLink, { onset_ts: onset, detected_ts: detected, end_ts: end }: RecordedFault) {
  const at = onsetSecondsOf(link);
  return { onset: onset - at, detected: detected - at, end: end === null ? null : end - at };
}

function assertWithin(value: number | null | undefined, low: number, high: number, what: string): void {
  assert.ok(
    value !== null && value !== undefined && value >= low && value <= high,
    `${what}: ${value}, not ${low}…${high}`,
  );
}

interface Row {
  readonly link: RecordedLink;
  readonly parameter: readonly [name: string, low: number, high: number];
  readonly onsetWithin: number;
  readonly detectedWithin: number;
  /** After the link was healed. */
  readonly endedWithin: number;
}

const half = { healthySeconds: 60, brokenSeconds: 60, healedSeconds: 40 };
const ROWS: Readonly<Record<string, Row>> = {
  loss: {
    link: { ...half, network: (_, random) => (random.uniform() < 0.05 ? null : 0) },
    parameter: ['loss_ratio', 0.025, 0.07],
    onsetWithin: 3,
    detectedWithin: 12,
    endedWithin: 30,
  },
  'delay-shift': {
    link: { ...half, network: () => 0.005 },
    parameter: ['shift_seconds', 0.0045, 0.0055],
    onsetWithin: 0.2,
    detectedWithin: 0.6,
    endedWithin: 2,
  },
  'periodic-delay': {
    link: { ...half, network: (slot) => (slot % 100 < 6 ? 0.02 : 0) },
    parameter: ['period_seconds', 4.9, 5.1],
    onsetWithin: 5.2,
    detectedWithin: 30,
    endedWithin: 20,
  },
  silent: {
    link: { ...half, isDead: true },
    parameter: ['silent_seconds', 59.9, 60.2],
    onsetWithin: 0.1,
    detectedWithin: 0.5,
    endedWithin: 0.1,
  },
};

describe('a fault of a file', () => {
  for (const [kind, { link, parameter, onsetWithin, detectedWithin, endedWithin }] of Object.entries(ROWS)) {
    test(`${kind}: when it began, was found and was over`, () => {
      const { faults, status } = analysisOf(link);
      assert.deepEqual([faults.map((fault) => fault.kind), status], [[kind], 'healthy']);
      const [fault = assert.fail()] = faults;
      const { onset, detected, end } = relative(link, fault);
      assertWithin(onset, -onsetWithin, onsetWithin, 'onset');
      assertWithin(detected, 0, detectedWithin, 'detected');
      assertWithin(end, 60, 60 + endedWithin, 'end');
      const [name, low, high] = parameter;
      assertWithin(fault.parameters[name], low, high, name);
    });

    test(`${kind}: a capsule of a minute before and a minute after tells it`, () => {
      const { healthySeconds, brokenSeconds, ...others } = link;
      const capsule = { healthySeconds, brokenSeconds, ...others, healedSeconds: 0 };
      const since = onsetSecondsOf(capsule);
      const head = encodeIncident({ ...INCIDENT, rack_id: 0, server_id: 7, since, detected: since + 0.4 });
      const { analyses } = read([head, ...linesOf(recordLink(capsule), SERVER)]);
      const faults = analyses[0]?.faults ?? [];
      assert.deepEqual(
        faults.map((fault) => [fault.kind, fault.end_ts]),
        [[kind, null]],
      );
      const [fault = assert.fail()] = faults;
      assertWithin(relative(capsule, fault).onset, -onsetWithin, onsetWithin, 'onset');
    });
  }

  test('a healthy link has none, and what is found is not rounded to seconds', () => {
    assert.deepEqual(analysisOf({ healthySeconds: 120, brokenSeconds: 0 }).faults, []);
    const [fault = assert.fail()] = analysisOf({
      healthySeconds: 60.3,
      brokenSeconds: 10,
      network: () => 0.005,
    }).faults;
    assertWithin(relative({ healthySeconds: 60.3, brokenSeconds: 10 }, fault).detected, 0.3, 0.5, 'detected');
  });

  test('a shift that silence hid for a while is told once', () => {
    const link = { ...half, network: (slot: number) => (slot > 400 && slot < 500 ? null : 0.005) };
    const { faults } = analysisOf(link);
    assert.deepEqual(
      faults.map(({ kind }) => kind),
      ['delay-shift', 'silent'],
    );
    const [shift, silent] = faults.map((fault) => relative(link, fault));
    assertWithin(shift?.end, 60, 62, 'end of the shift');
    assertWithin(silent?.onset, 19.9, 20.1, 'onset of the silence');
    assertWithin(silent?.end, 24.9, 25.1, 'end of the silence');
  });

  test('a server that is forgotten and comes back has no fault that stood before', () => {
    const link = { healthySeconds: 60, brokenSeconds: 20, network: () => 0.005 };
    const before = recordLink(link);
    const again = recordLink({ healthySeconds: 100, brokenSeconds: 0 }).map(({ sample, receivedSeconds }) => ({
      sample: { ...sample, bootId: 8, sentSeconds: sample.sentSeconds + 1100 },
      receivedSeconds: receivedSeconds + 1100,
    }));
    const [analysis = assert.fail()] = read(linesOf([...before, ...again], SERVER)).analyses;
    const [shift = assert.fail(), silent = assert.fail(), ...more] = analysis.faults;
    assert.deepEqual([shift.kind, silent.kind, more, analysis.status], ['delay-shift', 'silent', [], 'healthy']);
    assertWithin(relative(link, shift).end, 20, 21, 'end of the shift');
    assertWithin(relative(link, silent).end, 1039, 1041, 'end of the silence');
    assertWithin(silent.parameters['silent_seconds'], 1019, 1021, 'silent_seconds');
  });

  test('a server that stops a window before the end of the file is silent from its last sample on', () => {
    const link = { healthySeconds: 60, brokenSeconds: 0 };
    const other = linesOf(recordLink({ healthySeconds: 90, brokenSeconds: 0, toneHz: 1 }), { rackId: 0, serverId: 0 });
    const { analyses } = read([...linesOf(recordLink(link), SERVER), ...other]);
    const [first, second] = analyses;
    assert.deepEqual([first?.faults, second?.status], [[], 'silent']);
    const [fault = assert.fail()] = second?.faults ?? [];
    const { onset, detected, end } = relative(link, fault);
    assert.deepEqual([fault.kind, fault.severity, end], ['silent', 'critical', null]);
    assertWithin(onset, -0.1, 0.1, 'onset');
    assertWithin(detected, 0.3, 0.5, 'detected');
  });
});
