import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindsAt, tellFaults } from '../../../support/faulty-link.ts';

const SLOTS_A_SECOND = 20;
/** It is full after 17.5 s: losses are being counted when it is let go. */
const QUEUE_SECONDS = 30;
/** A link that sends 18.4 of 20 packets a second, and lets 28 wait. */
const SECONDS_A_PACKET = 1 / 18.4;
const LIMIT = 28;

test('a full queue that is let go is overtaken by what comes after it, and that is no burst of losses', () => {
  let freeSeconds = 0;
  const told = tellFaults({
    seed: 7,
    healthySeconds: 120,
    lossRatio: 0,
    brokenSeconds: QUEUE_SECONDS,
    healedSeconds: 60,
    network: (slot) => {
      const nowSeconds = slot / SLOTS_A_SECOND;
      const waitsSeconds = Math.max(0, freeSeconds - nowSeconds);
      if (waitsSeconds > LIMIT * SECONDS_A_PACKET) return null;
      freeSeconds = nowSeconds + waitsSeconds + SECONDS_A_PACKET;
      return waitsSeconds + SECONDS_A_PACKET;
    },
  });
  assert.equal(kindsAt(told, QUEUE_SECONDS - 1), 'congestion');
  const after = (second: number) => kindsAt(told, QUEUE_SECONDS + second);
  for (let second = 3; second < 60; second++) assert.ok(!after(second).includes('burst-loss'), after(second));
  assert.equal(after(30), '');
});
