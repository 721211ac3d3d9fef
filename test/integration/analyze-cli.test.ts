import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Analysis } from '../../src/analyze/analyze-recording.ts';
import { encodeIncident } from '../../src/wire/incident-line.ts';
import { INCIDENT } from '../support/incidents.ts';
import { linesOf } from '../support/ndjson.ts';
import { seededRandom } from '../support/random.ts';
import { recordLink } from '../support/recorded-link.ts';
import { listen, type LinkOptions, simulateLink } from '../support/simulated-link.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'netwatch-analyze-'));
after(() => rmSync(folder, { recursive: true }));

const FIELDS = [
  'rack_id',
  'server_id',
  'expected_frequency_hz',
  'sample_rate_hz',
  'samples',
  'windows',
  'spectral_error',
  'snr_db',
  'loss_ratio',
  'delay_seconds',
  'jitter_seconds',
  'clock_skew_ppm',
  'status',
  'mean_spectral_error',
  'max_delay_shift_seconds',
  'faults',
  'faults_left_out',
  'recordings',
];
/** The four tones of the table of what must hold, by the servers that sing them. */
const SERVERS = [
  { rackId: 0, serverId: 0, toneHz: 1 },
  { rackId: 0, serverId: 7, toneHz: 1.35 },
  { rackId: 1, serverId: 4, toneHz: 2.2 },
  { rackId: 3, serverId: 7, toneHz: 4.35 },
] as const;

function netwatchAnalyze(args: readonly string[], input = '') {
  const ran = spawnSync(process.execPath, [CLI, 'analyze', ...args], { input, encoding: 'utf8', timeout: 120_000 });
  const analyses = ran.stdout.split('\n').filter(Boolean);
  return { code: ran.status, analyses: analyses.map((line) => JSON.parse(line) as Analysis), stderr: ran.stderr };
}

function fileOf(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, key: random.uniform() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Arrivals of the four servers over links with this impairment. */
function fourLinks(link: Omit<LinkOptions, 'seed' | 'toneHz'>) {
  return SERVERS.map((server, seed) => ({ server, arrivals: simulateLink({ seed, toneHz: server.toneHz, ...link }) }));
}

function assertWithin(value: number | null | undefined, low: number, high: number, what: string): void {
  assert.ok(
    value !== null && value !== undefined && value >= low && value <= high,
    `${what}: ${value}, not ${low}…${high}`,
  );
}

type Row = [
  what: string,
  link: Omit<LinkOptions, 'seed' | 'toneHz'>,
  holds: (analysis: Analysis, toneHz: number) => void,
];

const rows: Row[] = [
  [
    'clean',
    { seconds: 60 },
    (analysis) => {
      assertWithin(analysis.mean_spectral_error, 0, 0.002, 'mean error');
      assertWithin(analysis.max_delay_shift_seconds, 0, 0.001, 'delay shift');
      assert.deepEqual([analysis.status, analysis.loss_ratio], ['healthy', 0]);
    },
  ],
  [
    '5 % of loss',
    { seconds: 300, network: (_, random) => (random.uniform() < 0.05 ? null : 0) },
    (analysis) => assertWithin(analysis.mean_spectral_error, 0.04, 0.06, 'mean error'),
  ],
  [
    '20 ms of jitter',
    { seconds: 300, networkNoiseSeconds: 0.02 },
    (analysis, toneHz) => {
      const expected = 1 - Math.exp(-((2 * Math.PI * toneHz * 0.02) ** 2));
      assertWithin(analysis.mean_spectral_error, 0.9 * expected, 1.1 * expected, 'mean error');
    },
  ],
  [
    'a delay of 200 ms from second 30 on',
    { seconds: 120, network: (elapsed) => (elapsed < 30 ? 0 : 0.2) },
    (analysis) => {
      assertWithin(analysis.spectral_error, 0, 0.002, 'error');
      assertWithin(analysis.delay_seconds, 0.199, 0.201, 'delay');
      assertWithin(analysis.max_delay_shift_seconds, 0.199, 0.202, 'delay shift');
    },
  ],
  [
    'a clock 500 ppm too fast',
    { seconds: 180, skewPpm: 500, clockOffsetSeconds: 7 },
    (analysis) => {
      assertWithin(analysis.mean_spectral_error, 0, 0.002, 'mean error');
      assertWithin(analysis.clock_skew_ppm, 497, 503, 'skew');
    },
  ],
  [
    'real samples every 53 ms',
    { seconds: 80, isReal: true, bootId: null, intervalSeconds: 0.053 },
    (analysis) => {
      assertWithin(analysis.spectral_error, 0, 0.01, 'error');
      assertWithin(analysis.sample_rate_hz * 0.053, 0.99, 1.001, 'rate times interval');
    },
  ],
  [
    'noise instead of samples',
    { seconds: 60, distort: (sample, random) => ({ ...sample, re: random.normal(), im: random.normal() }) },
    (analysis) => {
      assertWithin(analysis.mean_spectral_error, 0.9, 1, 'mean error');
      assert.equal(analysis.status, 'critical');
    },
  ],
];

for (const [n, [what, link, holds]] of rows.entries()) {
  test(`${what}: four servers in one shuffled file, each what the table says and what a rack hears`, () => {
    const links = fourLinks(link);
    const lines = links.flatMap(({ server, arrivals }) => linesOf(arrivals, server));
    const { code, analyses, stderr } = netwatchAnalyze([fileOf(`row-${n}.ndjson`, shuffled(lines, n))]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(
      analyses.map(({ rack_id: rackId, server_id: serverId, expected_frequency_hz: toneHz }) => ({
        rackId,
        serverId,
        toneHz,
      })),
      SERVERS,
    );
    for (const [i, analysis] of analyses.entries()) {
      assert.deepEqual(Object.keys(analysis), FIELDS);
      const { server, arrivals } = links[i] ?? assert.fail();
      holds(analysis, server.toneHz);
      assert.equal(analysis.samples, arrivals.length);
      const heard = listen(arrivals, { toneHz: server.toneHz }).judgements.at(-1)?.verdict;
      assert.deepEqual(
        [analysis.spectral_error, analysis.snr_db, analysis.loss_ratio, analysis.jitter_seconds, analysis.status],
        [heard?.spectral_error, heard?.snr_db, heard?.loss_ratio, heard?.jitter_seconds, heard?.status],
      );
    }
  });
}

const clean = linesOf(simulateLink({ seed: 1, seconds: 30, toneHz: 1 }), { rackId: 0, serverId: 0 });

test('a dash reads from stdin', () => {
  const fromFile = netwatchAnalyze([fileOf('clean.ndjson', clean)]);
  assert.deepEqual([fromFile.code, fromFile.analyses.length], [0, 1]);
  assert.deepEqual(netwatchAnalyze(['-'], clean.join('\n')), fromFile);
});

test('a broken line is named on stderr and skipped, and the exit code is 1', () => {
  const broken = clean.with(99, '{"rack_id": 0, "server_id":');
  const { code, analyses, stderr } = netwatchAnalyze([fileOf('broken.ndjson', broken)]);
  assert.deepEqual([code, stderr], [1, 'line 100: not JSON\n']);
  assert.deepEqual([analyses[0]?.samples, analyses[0]?.status], [599, 'healthy']);
});

test('an empty file is no fault, and it is said that there is nothing in it', () => {
  const name = fileOf('empty.ndjson', []);
  const stderr = `${name}: it is empty: there is no sample in it to be judged\n`;
  assert.deepEqual(netwatchAnalyze([name]), { code: 0, analyses: [], stderr });
});

test('a compressed file is answered with the command that unpacks it', () => {
  const name = join(folder, 'capture.ndjson.gz');
  writeFileSync(name, gzipSync(clean.join('\n')));
  const { code, analyses, stderr } = netwatchAnalyze([name]);
  assert.deepEqual([code, analyses], [1, []]);
  assert.ok(stderr.includes(`unpack it: gunzip --stdout '${name}' | netwatch analyze -\n`), stderr);
});

test('a server that stops a window before the end of the file is silent', () => {
  const short = linesOf(simulateLink({ seed: 2, seconds: 15, toneHz: 1.35 }), { rackId: 0, serverId: 7 });
  const { code, analyses } = netwatchAnalyze(['-'], [...short, ...clean].join('\n'));
  assert.deepEqual([code, analyses.map(({ status }) => status)], [0, ['healthy', 'silent']]);
});

test('a file that is not there, or no file, is named, and the exit code is 1', () => {
  const missing = netwatchAnalyze([join(folder, 'nowhere.ndjson')]);
  assert.deepEqual([missing.code, missing.analyses], [1, []]);
  assert.match(missing.stderr, /nowhere\.ndjson: ENOENT/);
  const directory = netwatchAnalyze([folder]);
  assert.equal(directory.code, 1);
  assert.match(directory.stderr, /netwatch-analyze-.*: EISDIR/);
});

test('no file named, or a flag it does not know, is bad usage', () => {
  assert.equal(netwatchAnalyze([]).code, 2);
  const unknown = netwatchAnalyze(['-', '--wirdow', '128']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /--wirdow/);
});

test('an incident is heard with what its head says, and its fault is told', () => {
  const server = { rackId: INCIDENT.rack_id, serverId: INCIDENT.server_id };
  const toneHz = INCIDENT.expected_frequency_hz;
  const lines = linesOf(recordLink({ toneHz, healthySeconds: 60, brokenSeconds: 60, network: () => 0.005 }), server);
  const { code, analyses, stderr } = netwatchAnalyze([fileOf('incident.ndjson', [encodeIncident(INCIDENT), ...lines])]);
  assert.deepEqual([code, stderr, analyses[0]?.expected_frequency_hz], [0, '', toneHz]);
  assert.deepEqual(
    analyses[0]?.faults.map(({ kind, end_ts: end }) => [kind, end]),
    [['delay-shift', null]],
  );
});

test('rate and plan are those of the flags', () => {
  const arrivals = simulateLink({ seed: 3, seconds: 20, toneHz: 2, intervalSeconds: 0.02 });
  const lines = linesOf(arrivals, { rackId: 9, serverId: 0 });
  const { code, analyses } = netwatchAnalyze(['-', '--rate', '50', '--frequency-plan', 'band:2-20'], lines.join('\n'));
  assert.equal(code, 0);
  const [analysis] = analyses;
  assert.deepEqual([analysis?.expected_frequency_hz, analysis?.sample_rate_hz, analysis?.status], [2, 50, 'healthy']);
});
