import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_FAULT_SERVERS, SHARED_FAULT_KINDS, type Verdict } from '../../src/core/verdict.ts';
import { REPORT_REJECT_REASONS } from '../../src/wire/reject-reason.ts';
import { encodeReport, MAX_LINE_BYTES, parseReport } from '../../src/wire/report-lines.ts';
import { FAULT, RACK_FAULT, REPORT, VERDICT } from '../support/wire-values.ts';

const MINIMAL = '{"rack_id":1,"health_score":0.79,"server_count":8,"timestamp":1700000001}';

function verdicts(count: number, name: string): Verdict[] {
  return Array.from({ length: count }, (_, index) => ({ ...VERDICT, server_id: index, name }));
}

/** As long as ids can be. */
function manyIds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 60_000 + index);
}

function rejection(line: string): string {
  const parsed = parseReport(line);
  assert.equal(parsed.kind, 'rejected', line.slice(0, 200));
  return parsed.kind === 'rejected' ? `${parsed.reason} ${parsed.detail ?? ''}`.trim() : '';
}

test('four fields are a report', () => {
  const report = { rack_id: 1, health_score: 0.79, server_count: 8, timestamp: 1_700_000_001 };
  assert.deepEqual(parseReport(MINIMAL), { kind: 'report', report });
  assert.deepEqual(encodeReport(report), [MINIMAL]);
  assert.deepEqual(parseReport(`${MINIMAL.replace('0.79', 'null')}\r`), {
    kind: 'report',
    report: { ...report, health_score: null },
  });
});

test('a report with everything comes back as it was, keys that are not known dropped', () => {
  const full = {
    ...REPORT,
    boot_id: 0xffff_ffff,
    sequence: 7,
    interval_seconds: 1,
    part: 0,
    parts: 1,
    name: 'rack one',
    version: '0.1.0',
    faults: [RACK_FAULT],
  };
  assert.deepEqual(parseReport(encodeReport(full)[0] ?? ''), { kind: 'report', report: full });
  const more = {
    ...full,
    later: 1,
    servers: [{ ...VERDICT, later: 1, faults: [{ ...FAULT, later: 1 }] }],
    faults: [{ ...RACK_FAULT, later: 1 }],
  };
  assert.deepEqual(parseReport(JSON.stringify(more)), { kind: 'report', report: full });
});

test('every field is held to its type and bounds, and the detail names it', () => {
  const changes: readonly (readonly [object, string])[] = [
    [{ rack_id: 65_536 }, 'rack_id'],
    [{ rack_id: '1' }, 'rack_id'],
    [{ health_score: 1.01 }, 'health_score'],
    [{ health_score: undefined }, 'health_score'],
    [{ server_count: -1 }, 'server_count'],
    [{ server_count: 1e9 }, 'server_count'],
    [{ timestamp: 0 }, 'timestamp'],
    [{ timestamp: 1e308 }, 'timestamp'],
    [{ type: 'heartbeat' }, 'type'],
    [{ boot_id: 2 ** 32 }, 'boot_id'],
    [{ sequence: 0.5 }, 'sequence'],
    [{ interval_seconds: 0 }, 'interval_seconds'],
    [{ part: 0 }, 'report'],
    [{ part: 2, parts: 2 }, 'report'],
    [{ name: 'a\u001b[2J' }, 'name'],
    [{ faults: [{ ...RACK_FAULT, kind: 'conflict' }] }, 'faults.0.kind'],
    [{ faults: [{ ...RACK_FAULT, server_ids: [-1] }] }, 'faults.0.server_ids.0'],
    [{ faults: [{ ...RACK_FAULT, server_ids: manyIds(1025) }] }, 'faults.0.server_ids'],
    [{ faults: [{ ...RACK_FAULT, since: null }] }, 'faults.0.since'],
    [{ faults: [RACK_FAULT, RACK_FAULT] }, 'faults'],
    [{ servers: {} }, 'servers'],
    [{ servers: [{ ...VERDICT, rack_id: 2 }] }, 'report'],
    [{ servers: [VERDICT, null] }, 'servers.1'],
  ];
  for (const [change, field] of changes) {
    assert.match(rejection(JSON.stringify({ ...REPORT, ...change })), new RegExp(`^bad-report ${field}: expected `));
  }
});

test('every field of a verdict is held to its type and bounds', () => {
  const parameters = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`p${index}`, index]));
  const changes: readonly object[] = [
    { server_id: 65_536 },
    { name: 'x'.repeat(64) },
    { status: 'fine' },
    { spectral_error: 1.01 },
    { snr_db: '5' },
    { loss_ratio: -0.01 },
    { delay_seconds: undefined },
    { jitter_seconds: -1 },
    { clock_skew_ppm: true },
    { expected_frequency_hz: 0 },
    { sample_rate_hz: null },
    { last_heard: 'now' },
    { faults: null },
    { faults: Array.from({ length: 17 }, () => FAULT) },
    { faults: [{ ...FAULT, kind: 'gremlins' }] },
    { faults: [{ ...FAULT, severity: 'fatal' }] },
    { faults: [{ ...FAULT, confidence: 2 }] },
    { faults: [{ ...FAULT, since: null }] },
    { faults: [{ ...FAULT, parameters: { loss: 'much' } }] },
    { faults: [{ ...FAULT, parameters: [1] }] },
    { faults: [{ ...FAULT, parameters }] },
  ];
  for (const change of changes) {
    const [key = ''] = Object.keys(change);
    const line = JSON.stringify({ ...REPORT, servers: [{ ...VERDICT, ...change }] });
    assert.match(rejection(line), new RegExp(`^bad-report servers\\.0\\.${key}`));
  }
});

test('lines that are no reports', () => {
  for (const line of ['', '{', 'GET / HTTP/1.1', MINIMAL.slice(1), MINIMAL.replace('0.79', 'NaN')]) {
    assert.equal(rejection(line), 'bad-json');
  }
  for (const line of ['null', '7', '[]', '{}', '{"__proto__":{"rack_id":1}}'])
    assert.match(rejection(line), /^bad-report/);
  assert.equal(rejection(MINIMAL.padEnd(MAX_LINE_BYTES + 1)), 'too-long');
  assert.match(rejection('['.repeat(MAX_LINE_BYTES)), /^bad-json/);
  assert.deepEqual([...REPORT_REJECT_REASONS], ['too-long', 'bad-json', 'bad-report']);
});

test('a detail stays short whatever the line holds', () => {
  const parameters = { ['x'.repeat(100_000)]: 1 };
  const line = JSON.stringify({ ...REPORT, servers: [{ ...VERDICT, faults: [{ ...FAULT, parameters }] }] });
  assert.ok(rejection(line).length <= 220);
});

test('5000 servers take several lines, each a report of at most 1 MiB, and come back in order', () => {
  const report = { ...REPORT, server_count: 5000, servers: verdicts(5000, '漢'.repeat(20)) };
  const lines = encodeReport(report);
  assert.ok(lines.length > 1);
  const parts = lines.map((line) => {
    assert.ok(Buffer.byteLength(line) <= MAX_LINE_BYTES);
    assert.ok(!line.includes('\n'));
    const parsed = parseReport(line);
    assert.ok(parsed.kind === 'report');
    return parsed.report;
  });
  assert.deepEqual(
    parts.map(({ part, parts: count }) => [part, count]),
    lines.map((_, index) => [index, lines.length]),
  );
  assert.deepEqual(
    parts.flatMap(({ servers = [] }) => servers),
    report.servers,
  );
  for (const part of parts) assert.equal(part.health_score, report.health_score);
});

test('4096 servers of which a rack says all it can fit lines of 1 MiB, and every part says it', () => {
  const parameters = Object.fromEntries(manyIds(16).map((id) => [`${'漢'.repeat(58)}${id}`, -1.2345678901234567e-100]));
  const server_ids = manyIds(MAX_FAULT_SERVERS);
  const faults = SHARED_FAULT_KINDS.map((kind) => ({ ...RACK_FAULT, kind, parameters, server_ids }));
  const servers = verdicts(4096, '漢'.repeat(20));
  const lines = encodeReport({ ...REPORT, server_count: servers.length, faults, servers });
  const parts = lines.map((line) => {
    assert.ok(Buffer.byteLength(line) <= MAX_LINE_BYTES);
    const parsed = parseReport(line);
    assert.ok(parsed.kind === 'report', JSON.stringify(parsed));
    assert.deepEqual(parsed.report.faults, faults);
    return parsed.report;
  });
  assert.deepEqual(
    parts.flatMap((part) => part.servers ?? []),
    servers,
  );
});

test('lines are filled: the limit holds to the byte, and no line is spent in vain', () => {
  const report = { ...REPORT, servers: verdicts(4, 'web') };
  const [whole = ''] = encodeReport(report);
  assert.equal(encodeReport(report, Buffer.byteLength(whole)).length, 1);
  assert.equal(encodeReport(report, Buffer.byteLength(whole) - 1).length, 2);
  assert.throws(() => encodeReport(report, 200), { name: 'RangeError', message: /does not fit a report line/ });
});
