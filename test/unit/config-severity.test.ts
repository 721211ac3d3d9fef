import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeConfig, loadConfig } from '../../src/config/load.ts';
import { rackSpec } from '../../src/config/rack.ts';
import { parseSeverities, severityText } from '../../src/config/severity.ts';
import { DEFAULT_DETECTION } from '../../src/core/detect/detection-options.ts';

const load = (flag: unknown) =>
  loadConfig(rackSpec, { flags: { severity: flag }, env: {}, file: undefined }).detection.severity;

test('a kind that is named gets its thresholds, the others keep theirs', () => {
  assert.deepEqual(load(undefined), DEFAULT_DETECTION.severity);
  assert.deepEqual(load('loss=0.05/0.5'), { ...DEFAULT_DETECTION.severity, loss: [0.05, 0.5] });
  const both = { ...DEFAULT_DETECTION.severity, loss: [0.05, 0.05], 'clock-drift': [100, 1_000_000] };
  assert.deepEqual(load('loss=0.05/0.05,clock-drift=100/1000000'), both);
  assert.deepEqual(load(['loss=0.05/0.05', 'clock-drift=100/1000000']), both);
});

test('they come from a flag, else from the environment, else from the file, and never from two of them', () => {
  const env = { NETWATCH_SEVERITY: 'jitter=0.1/1' };
  const file = { severity: { jitter: [0.2, 2], reorder: '0.3/0.4' } };
  const from = (sources: { flags?: Record<string, unknown>; env?: Record<string, string> }) => {
    const { severity } = loadConfig(rackSpec, { flags: {}, env: {}, file, ...sources }).detection;
    return [severity.jitter, severity.reorder];
  };
  assert.deepEqual(from({}), [
    [0.2, 2],
    [0.3, 0.4],
  ]);
  assert.deepEqual(from({ env }), [[0.1, 1], DEFAULT_DETECTION.severity.reorder]);
  assert.deepEqual(from({ env, flags: { severity: 'jitter=0.3/3' } })[0], [0.3, 3]);
});

test('what is shown of a configuration, and the text for a child process, are read again as the same', () => {
  const given = parseSeverities('loss=0.05/0.5,delay-shift=0.001/2');
  assert.ok(given);
  assert.deepEqual(parseSeverities(severityText(given)), given);
  const shown = describeConfig(rackSpec, { flags: { severity: severityText(given) }, env: {}, file: undefined });
  const value = shown.find(({ fileKey }) => fileKey === 'severity')?.value;
  assert.deepEqual(parseSeverities(JSON.parse(JSON.stringify(value))), given);
});

for (const [wrong, why] of [
  ['', 'nothing'],
  ['loss', 'no thresholds'],
  ['loss=', 'no thresholds'],
  ['loss=0.1', 'one threshold'],
  ['loss=0.1/0.2/0.3', 'three thresholds'],
  ['loss=0.3/0.2', 'the wrong order'],
  ['loss=0/0.2', 'a warning from nothing on'],
  ['loss=-0.1/0.2', 'a negative size'],
  ['loss=0.1/1e9', 'no decimal'],
  ['loss=5/20', 'per cent, where a share is meant'],
  ['jitter=0.1/1000001', 'more than is allowed'],
  ['loss=1%/20%', 'a unit'],
  ['lost=0.1/0.2', 'no kind'],
  ['silent=0.1/0.2', 'a kind without a size'],
  ['toString=0.1/0.2', 'a name that every object has'],
  ['loss=0.1/0.2,loss=0.1/0.2', 'the same kind twice'],
  ['loss=0.1/0.2,', 'a comma too many'],
] as const) {
  test(`refused, ${why}: "${wrong}"`, () => {
    assert.throws(() => load(wrong), {
      name: 'ConfigError',
      message: new RegExp(
        String.raw`^--severity: got "${wrong.replaceAll('.', String.raw`\.`)}", allowed: KIND=WARNING/CRITICAL like loss=0\.01/0\.2 .* kinds: loss, `,
      ),
    });
  });
}

test('what was given is told as it was typed, not as the parser keeps it', () => {
  assert.throws(
    () => load(['nonsense']),
    /^ConfigError: --severity: got "nonsense", allowed: KIND=WARNING\/CRITICAL like /,
  );
  assert.throws(() => load(['loss', 'jitter']), /^ConfigError: --severity: got \["loss","jitter"\], allowed: /);
});

test('a file says what is wrong with it, too', () => {
  for (const wrong of [{ loss: [0.1] }, { loss: 0.1 }, { loss: [0.1, Number.NaN] }, [{ loss: [0.1, 0.2] }], 7]) {
    const sources = { flags: {}, env: {}, file: { severity: wrong }, fileName: 'rack.json' };
    assert.throws(() => loadConfig(rackSpec, sources), /^ConfigError: rack\.json: severity: got /);
  }
});
