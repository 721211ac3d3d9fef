import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StampDoubt } from '../../src/rack/stamp-doubt.ts';

test('while beats come in time, stamps are true', () => {
  const doubt = new StampDoubt(0);
  for (let beat = 1; beat < 50; beat++) {
    assert.equal(doubt.ofStamp(beat * 0.021 - 0.001), 0);
    doubt.beat(beat * 0.021);
  }
});

test('after a pause, a stamp may be late by as long as nobody listened, whoever runs first, until all was taken', () => {
  for (const isBeatFirst of [false, true]) {
    const doubt = new StampDoubt(0);
    doubt.beat(0.02);
    if (isBeatFirst) doubt.beat(6);
    assert.equal(doubt.ofStamp(6.001), 6.001 - 0.02);
    doubt.beat(6.01);
    assert.equal(doubt.ofStamp(6.011), 6.011 - 0.02);
    doubt.settle();
    assert.equal(doubt.ofStamp(6.012), 0);
  }
});
