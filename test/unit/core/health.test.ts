import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  datacenterScore,
  groupStatus,
  type JudgedStatus,
  rackScore,
  serverStatus,
  spectralClass,
} from '../../../src/core/health.ts';
import type { Severity } from '../../../src/core/verdict.ts';

function faults(...severities: Severity[]) {
  return severities.map((severity) => ({ severity }));
}

describe('server status', () => {
  test('healthy < 0.2 ≤ warning < 0.5 ≤ critical', () => {
    const statuses = [0, 0.199, 0.2, 0.499, 0.5, 1].map((error) => spectralClass(error, 'healthy'));
    assert.deepEqual(statuses, ['healthy', 'healthy', 'warning', 'warning', 'critical', 'critical']);
  });

  test('a class is left only below 0.8 of the error from which it begins', () => {
    const from = (before: JudgedStatus, ...errors: number[]) => errors.map((error) => spectralClass(error, before));
    assert.deepEqual(from('warning', 0.161, 0.159, 0.49, 0.5), ['warning', 'healthy', 'warning', 'critical']);
    assert.deepEqual(from('critical', 0.41, 0.39, 0.159), ['critical', 'warning', 'healthy']);
  });

  test('is the worse of the spectral class and the worst fault', () => {
    assert.equal(serverStatus('healthy', faults('info', 'warning')), 'warning');
    assert.equal(serverStatus('critical', faults('warning')), 'critical');
    assert.equal(serverStatus('healthy', faults('critical', 'info')), 'critical');
  });
});

describe('scores', () => {
  test('a rack is 1 − mean error; silent counts as 1, warming does not count', () => {
    const score = rackScore([
      { status: 'healthy', spectral_error: 0 },
      { status: 'critical', spectral_error: 0.6 },
      { status: 'silent', spectral_error: null },
      { status: 'warming', spectral_error: null },
    ]);
    assert.equal(score, 1 - 1.6 / 3);
  });

  test('a rack of which nothing is known has no score', () => {
    assert.equal(rackScore([{ status: 'warming', spectral_error: null }]), null);
    assert.equal(rackScore([]), null);
  });

  test('a silent rack counts as 0 and is never left out; one that is warming is', () => {
    const score = datacenterScore([
      { status: 'healthy', health_score: 1 },
      { status: 'silent', health_score: 0.9 },
      { status: 'warming', health_score: null },
    ]);
    assert.equal(score, 0.5);
  });

  test('healthy ≥ 0.8 > degraded ≥ 0.5 > critical', () => {
    const statuses = [1, 0.8, 0.79, 0.5, 0.49, 0, null].map(groupStatus);
    assert.deepEqual(statuses, ['healthy', 'healthy', 'degraded', 'degraded', 'critical', 'critical', 'warming']);
  });
});
