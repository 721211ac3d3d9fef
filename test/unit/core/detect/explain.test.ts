import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXPLAINING, EXPLAINS, MUTUAL } from '../../../../src/core/detect/explain.ts';

test('whatever explains something is asked, and never after a kind that it explains', () => {
  const explaining = Object.entries(EXPLAINS).flatMap(([kind, explained]) => (explained.length > 0 ? [kind] : []));
  assert.deepEqual(EXPLAINING.toSorted(), explaining.toSorted());
  for (const [i, kind] of EXPLAINING.entries()) {
    for (const earlier of EXPLAINING.slice(0, i).filter((other) => !(MUTUAL.includes(kind) && MUTUAL.includes(other))))
      assert.ok(!EXPLAINS[kind].includes(earlier), `${kind} explains ${earlier}`);
  }
});

test('no fault explains itself', () => {
  for (const [kind, explained] of Object.entries(EXPLAINS)) assert.ok(!explained.some((other) => other === kind));
});
