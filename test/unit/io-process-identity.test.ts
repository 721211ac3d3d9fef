import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProcessStat } from '../../src/io/process-identity.ts';

const AFTER_THE_STATE = '1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0';

test('the id and the time of the start are read, whatever the name of the process', () => {
  for (const name of ['sh', 'tmux: server', 'a) R 1 (b', '']) {
    const stat = `4711 (${name}) S ${AFTER_THE_STATE} 5551234 1000 77`;
    assert.deepEqual(parseProcessStat(stat), { pid: 4711, startTicks: 5_551_234 }, name);
  }
});

test('a process that has ended is none, even before its parent took note', () => {
  assert.equal(parseProcessStat(`4711 (sh) Z ${AFTER_THE_STATE} 5551234 0`), null);
  assert.equal(parseProcessStat(`4711 (sh) X ${AFTER_THE_STATE} 5551234 0`), null);
});

test('any other text is none', () => {
  for (const text of ['', '4711', '4711 (sh) S 1', 'x (sh) S 1 2 3', ')', '(']) {
    assert.equal(parseProcessStat(text), null, text);
  }
});
