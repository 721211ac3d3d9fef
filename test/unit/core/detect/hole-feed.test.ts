import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HoleFeed } from '../../../../src/core/detect/hole-feed.ts';
import { Slots } from '../../../../src/core/slots.ts';

const MAX_GAP = 20;

/** A feed that was handed these samples one after the other, and what it handed on. */
function fed(indices: readonly number[]) {
  const slots = new Slots(64);
  const feed = new HoleFeed(20);
  slots.restart(0, 0, 0);
  feed.restart(0);
  const lost: number[] = [];
  for (const index of indices) {
    slots.advanceTo(index);
    slots.put(index, { re: 1, im: 0, sentSeconds: 0, delaySeconds: 0 });
    feed.feed(slots, 'none', MAX_GAP, (isLost, at) => {
      if (isLost) lost.push(at);
    });
  }
  return { slots, feed, lost };
}

describe('slots in the order of the grid', () => {
  test('a slot is lost as soon as a later sample has come', () => {
    assert.deepEqual(fed([0, 1, 4]).lost, [2, 3]);
  });

  test('a gap that is too long is passed over: none of it was handed on', () => {
    const { feed, lost } = fed([0, 1, 40, 42]);
    assert.deepEqual(lost, [41]);
    assert.deepEqual(
      [1, 2, 39, 40, 41, 42, 43].map((index) => feed.wasFed(index)),
      [true, false, false, true, true, true, false],
    );
  });

  test('what is taken back stood beside those that are lost still', () => {
    const { feed, slots } = fed([0, 4, 6]);
    assert.deepEqual(feed.takenBack(slots, 1), { hitsBeside: 1, isNewest: false });
    assert.deepEqual(feed.takenBack(slots, 2), { hitsBeside: 2, isNewest: false });
    assert.deepEqual(feed.takenBack(slots, 5), { hitsBeside: 0, isNewest: false });
  });
});
