import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { analyze } from '../../src/analyze/run-analyze.ts';
import type { Analysis } from '../../src/analyze/analyze-recording.ts';
import { type AnalyzeConfig, analyzeSpec } from '../../src/config/analyze.ts';
import { loadConfig } from '../../src/config/load.ts';
import { encodeIncident } from '../../src/wire/incident-line.ts';
import { INCIDENT } from '../support/incidents.ts';
import { linesOf } from '../support/ndjson.ts';
import { EPOCH_SECONDS, listen, simulateLink, type LinkOptions } from '../support/simulated-link.ts';

const defaults = loadConfig(analyzeSpec, { flags: {}, env: {}, file: undefined });
const SERVER = { rackId: 0, serverId: 7 };
const TONE_HZ = 1.35;

async function run(chunks: Iterable<string | Buffer>, config: Partial<AnalyzeConfig> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await analyze({
    config: { ...defaults, ...config },
    input: (async function* () {
      yield* chunks;
    })(),
    stdout: { write: (text: string) => out.push(text) > 0 },
    stderr: { write: (text: string) => err.push(text) > 0 },
    name: 'capture.ndjson',
    showProgress: false,
  });
  const analyses = out.map((line) => {
    assert.ok(line.endsWith('\n') && line.indexOf('\n') === line.length - 1, 'one line each');
    return JSON.parse(line) as Analysis;
  });
  return { code, analyses, errors: err.join('') };
}

function assertClose(given: number | null, expected: number | null, tolerance = 20e-6): void {
  assert.equal(given === null, expected === null);
  assert.ok(Math.abs((given ?? 0) - (expected ?? 0)) <= tolerance, `${given}, not ${expected}`);
}

const runLines = (lines: readonly string[], config?: Partial<AnalyzeConfig>) => run([lines.join('\n')], config);

describe('the very code path of the rack', () => {
  const links: Record<string, Partial<LinkOptions>> = {
    clean: {},
    'loss and jitter': { networkNoiseSeconds: 0.02, network: (_, random) => (random.uniform() < 0.1 ? null : 0) },
    'a step of delay': { network: (elapsed) => (elapsed < 30 ? 0 : 0.2) },
    'real samples of a slow timer': { isReal: true, bootId: null, intervalSeconds: 0.053 },
    'silence in the middle': { network: (elapsed) => (elapsed > 20 && elapsed < 30 ? null : 0) },
    'a wrapping sequence and skew': { firstSequence: 2 ** 32 - 300, skewPpm: 50, clockOffsetSeconds: -3 },
  };
  for (const [name, link] of Object.entries(links)) {
    test(`${name}: what the file says is what a stream would have said`, async () => {
      const arrivals = simulateLink({ seed: 5, seconds: 60.5, toneHz: TONE_HZ, ...link });
      const { code, analyses, errors } = await runLines(linesOf(arrivals, SERVER));
      const { judgements } = listen(arrivals, { toneHz: TONE_HZ });
      const judged = judgements.map(({ verdict }) => verdict).filter((verdict) => verdict.spectral_error !== null);
      const last = judged.at(-1);
      assert.ok(last);
      const errorsHeard = judged.map((verdict) => verdict.spectral_error ?? 0);
      const shifts = judged.flatMap(({ delay_seconds: delay }) => (delay === null ? [] : [Math.abs(delay)]));
      assert.deepEqual([code, errors, analyses.length], [0, '', 1]);
      const { faults, delay_seconds: delay, max_delay_shift_seconds: maxShift, ...said } = analyses[0] ?? assert.fail();
      // A file is also listened to where a fault begins or ends, and the clock learns a moment sooner.
      assertClose(delay, last.delay_seconds);
      assertClose(maxShift, Math.max(...shifts));
      const standing = faults.filter(({ end_ts: end }) => end === null).map(({ kind }) => kind);
      assert.deepEqual(standing.toSorted(), last.faults.map(({ kind }) => kind).toSorted());
      assertClose(said.clock_skew_ppm, last.clock_skew_ppm, 0.5);
      assert.deepEqual(
        { ...said, clock_skew_ppm: null },
        {
          rack_id: 0,
          server_id: 7,
          expected_frequency_hz: TONE_HZ,
          sample_rate_hz: last.sample_rate_hz,
          samples: arrivals.length,
          windows: judged.length,
          spectral_error: last.spectral_error,
          snr_db: last.snr_db,
          loss_ratio: last.loss_ratio,
          jitter_seconds: last.jitter_seconds,
          clock_skew_ppm: null,
          status: last.status,
          mean_spectral_error: errorsHeard.reduce((a, b) => a + b) / errorsHeard.length,
          faults_left_out: 0,
          recordings: 1,
        },
      );
    });
  }
});

describe('reading', () => {
  const arrivals = simulateLink({ seed: 1, seconds: 20, toneHz: TONE_HZ });
  const lines = linesOf(arrivals, SERVER);

  test('says the same wherever the stream is cut, and whether the last line ends or not', async () => {
    const text = lines.join('\n');
    const whole = await run([text]);
    assert.deepEqual(await run([`${text}\n`]), whole);
    assert.deepEqual(await run(text.match(/[^]{1,1000}/g) ?? []), whole);
    assert.deepEqual(await run([Buffer.from(text.replaceAll('\n', '\r\n'))]), whole);
    assert.equal(whole.analyses[0]?.status, 'healthy');
  });

  test('names broken lines by their numbers, and goes on; empty lines count but are no fault', async () => {
    const given = [...lines];
    given.splice(2, 0, 'not a line', '', '{"rack_id":0}');
    given.splice(10, 0, `"${'x'.repeat(70_000)}"`);
    const { code, analyses, errors } = await runLines(given);
    assert.equal(code, 1);
    const named = errors.split('\n').filter(Boolean);
    assert.deepEqual(
      named.map((line) => /^line (\d+): /.exec(line)?.[1]),
      ['3', '5', '11'],
    );
    assert.match(named[2] ?? '', /longer than 65536 bytes/);
    assert.deepEqual(analyses, (await runLines(lines)).analyses);
    const empty = await runLines(['', ...lines, '', ' ']);
    assert.deepEqual([empty.code, empty.errors], [0, '']);
  });

  test('a server without a tone at this rate is a broken line', async () => {
    const { code, analyses, errors } = await runLines([
      ...lines,
      ...linesOf(arrivals.slice(0, 1), { rackId: 8, serverId: 0 }),
    ]);
    assert.deepEqual([code, analyses.length], [1, 1]);
    assert.match(errors, /^line 401: rack 8 server 0 has no tone below 0\.45 × 20 samples\/s\n$/);
  });

  test('of nothing it says that there is nothing', async () => {
    const errors = 'capture.ndjson: it is empty: there is no sample in it to be judged\n';
    for (const nothing of [[], ['\n\n'], ['\uFEFF'], ['\uFEFF\r\n']]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are listed
      assert.deepEqual(await run(nothing), { code: 0, analyses: [], errors });
    }
    const { code, errors: ofHead } = await run([encodeIncident(INCIDENT)]);
    assert.equal(code, 0);
    assert.match(ofHead, /^capture\.ndjson: there is the head of an incident, but no sample in it to be judged\n$/);
  });

  test('what gzip has compressed is named as such, with what unpacks it', async () => {
    const compressed = gzipSync(lines.join('\n'));
    const named =
      /^Error: it is compressed with gzip, .*; unpack it: gunzip --stdout 'capture\.ndjson' \| netwatch analyze -$/;
    await assert.rejects(run([compressed]), named);
    await assert.rejects(run([compressed.subarray(0, 1), compressed.subarray(1)]), named);
    await assert.rejects(run([gzipSync('')]), named);
  });

  test('a byte order mark is passed over, also where files were put together', async () => {
    const plain = await run([lines.join('\n')]);
    assert.equal(plain.analyses[0]?.samples, lines.length);
    assert.deepEqual(await run(['\uFEFF', lines.join('\n')]), plain);
    assert.deepEqual(await run([lines.with(200, `\uFEFF${lines[200]}`).join('\r\n')]), plain);
  });

  test('more samples than allowed is an error that says what to do', async () => {
    await assert.rejects(runLines(lines, { maxSamples: 399 }), /more than 399 samples: raise --max-samples/);
    assert.equal((await runLines(lines, { maxSamples: 400 })).code, 0);
  });

  test('too few samples for a window are no verdict', async () => {
    const { analyses } = await runLines(lines.slice(0, 63));
    const [{ status, windows, samples, spectral_error: error, mean_spectral_error: mean } = { status: null }] =
      analyses;
    assert.deepEqual([status, windows, samples, error, mean], ['warming', 0, 63, null, null]);
  });
});

describe('silence', () => {
  const other = linesOf(simulateLink({ seed: 2, seconds: 60, toneHz: 1 }), { rackId: 0, serverId: 0 });
  const stopsAfter = (seconds: number) => linesOf(simulateLink({ seed: 3, seconds, toneHz: TONE_HZ }), SERVER);
  const of = async (lines: readonly string[]) => {
    const { analyses } = await runLines([...lines, ...other]);
    return analyses.find(({ server_id: id }) => id === 7);
  };

  test('a server that stops a window before the end of the file is silent', async () => {
    const analysis = await of(stopsAfter(46));
    assert.deepEqual([analysis?.status, analysis?.spectral_error, analysis?.delay_seconds], ['silent', 1, null]);
    assert.ok((analysis?.mean_spectral_error ?? 1) < 0.002, 'while it sang it sang well');
  });

  test('one that stops closer to the end is judged by what it sang', async () => {
    const analysis = await of(stopsAfter(48));
    assert.equal(analysis?.status, 'healthy');
  });

  test('one that comes back after a quarter of an hour begins anew', async () => {
    const startSeconds = EPOCH_SECONDS + 5000;
    const again = simulateLink({ seed: 4, seconds: 20, toneHz: TONE_HZ, bootId: 8, startSeconds });
    const { analyses } = await runLines([...stopsAfter(20), ...linesOf(again, SERVER)]);
    const [analysis] = analyses;
    assert.deepEqual([analysis?.status, analysis?.samples, analysis?.loss_ratio], ['healthy', 800, 0]);
    assert.ok((analysis?.windows ?? 0) < 1000, 'the time it was forgotten is no window');
  });
});
