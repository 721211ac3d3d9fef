import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_DETECTION, severityOf } from '../../../../src/core/detect/detection-options.ts';

test('severity follows the thresholds of the kind, whatever the sign', () => {
  const shift = DEFAULT_DETECTION.severity['delay-shift'];
  const severities = [0.001, 0.01, -0.02, 0.1, -5].map((seconds) => severityOf(seconds, shift));
  assert.deepEqual(severities, ['info', 'warning', 'warning', 'critical', 'critical']);
});

test('a severity is left only below 0.8 of the size from which it begins', () => {
  const loss = DEFAULT_DETECTION.severity.loss;
  assert.deepEqual(
    [0.21, 0.161, 0.159, 0.0081, 0.0079].map((ratio) => severityOf(ratio, loss, 'critical')),
    ['critical', 'critical', 'warning', 'warning', 'info'],
  );
  assert.deepEqual(
    [0.0081, 0.0079, 0.2].map((ratio) => severityOf(ratio, loss, 'warning')),
    ['warning', 'info', 'critical'],
  );
});
