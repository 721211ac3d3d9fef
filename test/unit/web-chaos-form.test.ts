import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../src/core/verdict.ts';
import { ALL, initialForm, OWN, readForm, SEVERAL, withFault, type ChaosForm } from '../../src/web/chaos/chaos-form.ts';
import { EMPTY_FAULT, readFault } from '../../src/web/chaos/fault-fields.ts';
import { FAULT_PRESETS } from '../../src/web/chaos/fault-presets.ts';
import { idListText, parseIdList } from '../../src/web/chaos/id-list.ts';

const KNOWN = [0, 1, 2].map((rackId) => ({
  rack_id: rackId,
  servers: [0, 1, 2, 3].map((serverId) => ({ rack_id: rackId, server_id: serverId }) as Verdict),
}));

function read(changes: Partial<ChaosForm>) {
  return readForm({ ...initialForm({ rackId: 2, serverId: 3 }), ...changes }, KNOWN);
}

function problemsOf(changes: Partial<ChaosForm>): Record<string, string> {
  const form = read(changes);
  assert.equal(form.kind, 'problems');
  return Object.fromEntries(form.problems.map(({ field, text }) => [field, text]));
}

test('the form begins with the server that is looked at, and a fault that shows', () => {
  assert.deepEqual(read({}), {
    kind: 'request',
    request: { rack_ids: [2], server_ids: [3], inject: { loss: '20%' }, pulse: null, duration: '60s' },
    words: 'loss 20 % on rack 2, server 3, for 1 min',
  });
});

test('without a server it begins with the whole first rack', () => {
  const form = readForm(initialForm(null), KNOWN);
  assert.equal(form.kind, 'request');
  assert.deepEqual([form.request.rack_ids, form.request.server_ids], [[0], null]);
  assert.match(form.words, /on rack 0, for 1 min$/);
});

test('every preset is a fault that can be injected for the usual minute', () => {
  for (const { id, fields } of FAULT_PRESETS) {
    const fault = readFault(fields, 60);
    assert.equal(fault.kind, 'fault', id);
  }
});

test('a stall is a delay that comes and goes', () => {
  const form = read({ fault: 'stall' });
  assert.equal(form.kind, 'request');
  assert.deepEqual(form.request.inject, { delay: '300ms' });
  assert.deepEqual(form.request.pulse, { every: '5s', for: '300ms' });
  assert.match(form.words, /^delay 300 ms for 300ms every 5s on/);
});

test('bursts are written as scenario files write them', () => {
  const form = read({ fault: 'bursts' });
  assert.equal(form.kind, 'request');
  assert.deepEqual(form.request.inject, { loss_model: 'gemodel:10,40,100,0' });
});

test('several and all racks and servers', () => {
  const several = read({ rack: SEVERAL, racks: '2, 0-1,1', server: SEVERAL, servers: '1 - 2' });
  assert.equal(several.kind, 'request');
  assert.deepEqual(
    [several.request.rack_ids, several.request.server_ids],
    [
      [0, 1, 2],
      [1, 2],
    ],
  );
  assert.match(several.words, /on all 3 racks, servers 1-2 of each, for/);
  const all = read({ rack: ALL, server: ALL });
  assert.equal(all.kind, 'request');
  assert.deepEqual([all.request.rack_ids, all.request.server_ids], [[0, 1, 2], null]);
});

test('racks and servers that are not there are named, with those that are', () => {
  assert.match(
    problemsOf({ rack: SEVERAL, racks: '0, 7-8' }).racks ?? '',
    /Rack 7-8 is not known; the racks are 0-2\./,
  );
  assert.match(problemsOf({ rack: SEVERAL, racks: 'one' }).racks ?? '', /“one” cannot be used; allowed are ids like/);
  assert.match(problemsOf({ server: '9' }).servers ?? '', /Rack 2 has no server 9; it has 0-3\./);
  const empty = readForm(initialForm(null), []);
  assert.equal(empty.kind, 'problems');
  assert.match(empty.problems[0]?.text ?? '', /No rack is known yet/);
});

test('own values begin with those of the preset before', () => {
  const form = withFault(withFault(initialForm(null), 'stall'), OWN);
  assert.deepEqual([form.fault, form.own.delay, form.own.every], [OWN, '300ms', '5s']);
  assert.equal(withFault({ ...form, own: { ...form.own, delay: '1s' } }, OWN).own.delay, '1s');
});

test('of a preset only what has a field becomes one’s own: what is not seen could not be cleared', () => {
  for (const { id } of FAULT_PRESETS) {
    const { own } = withFault(withFault(initialForm(null), id), OWN);
    assert.deepEqual([own.lossModel, own.distribution, own.limit], ['', '', ''], id);
  }
});

test('a number alone has the unit that stands beside its field', () => {
  const own = { ...EMPTY_FAULT, loss: '5', delay: ' 150 ', jitter: '10', rate: '64', every: '10', for: '250' };
  const form = read({ fault: OWN, own });
  assert.equal(form.kind, 'request');
  assert.deepEqual(form.request.inject, { loss: '5%', delay: '150ms', jitter: '10ms', rate: '64kbit' });
  assert.deepEqual(form.request.pulse, { every: '10s', for: '250ms' });
});

test('each value that cannot be is told at its field', () => {
  const own = { ...EMPTY_FAULT, loss: '120', delay: '200 apples', duplicate: '-1' };
  const problems = problemsOf({ fault: OWN, own });
  assert.deepEqual(Object.keys(problems).toSorted(), ['delay', 'duplicate', 'loss']);
  assert.match(problems.loss ?? '', /“120%” cannot be used; allowed is per cent above 0/);
  assert.match(
    problemsOf({ fault: OWN, own: { ...EMPTY_FAULT, delay: '5ms', jitter: '9ms' } }).jitter ?? '',
    /at most/,
  );
});

test('nothing at all is refused in words', () => {
  const words = 'Nothing would be broken: fill in at least one of Lose, Delay, Duplicate, Corrupt and Limit to.';
  for (const own of [EMPTY_FAULT, { ...EMPTY_FAULT, delay: '0' }])
    assert.deepEqual(problemsOf({ fault: OWN, own }), { loss: words });
});

test('a fault that comes and goes needs both times, one shorter than the other, and time to come back', () => {
  const stall = (times: { every: string; for: string }, duration = '60s') =>
    problemsOf({ fault: OWN, own: { ...EMPTY_FAULT, delay: '1s', ...times }, duration });
  assert.match(stall({ every: '5s', for: '' }).for ?? '', /^“for” is missing: give a time above 0, like 500ms\.$/);
  assert.match(stall({ every: '5s', for: '5s' }).for ?? '', /shorter than 5s/);
  assert.match(stall({ every: '45s', for: '1s' }, '30s').every ?? '', /only once: give at most the duration, 30 s/);
});

test('a duration that is not offered is refused', () => {
  assert.match(problemsOf({ duration: '2h' }).duration ?? '', /“2h” cannot be used; allowed is 30 s, 1 min/);
});

test('lists of ids', () => {
  assert.deepEqual(parseIdList('3, 0 - 1,1'), [0, 1, 3]);
  for (const text of ['', ' ', '1,', '3-1', '70000', '-1', '1;2', '0-65536'])
    assert.equal(parseIdList(text), null, text);
  assert.equal(idListText([0, 1, 2, 5, 7, 8]), '0-2, 5, 7-8');
});
