import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL, initialForm } from '../../src/web/chaos/chaos-form.ts';
import { follow, type ChosenForm } from '../../src/web/chaos/chosen-form.ts';

const DELAY: ChosenForm = {
  form: { ...initialForm(null), rack: ALL, fault: 'delay', duration: '5m' },
  lookedAt: null,
};

test('a server that is opened is the next target; fault, values and duration stay', () => {
  const { form } = follow(DELAY, { rackId: 1, serverId: 7 });
  assert.deepEqual(form, { ...DELAY.form, rack: '1', server: '7' });
});

test('a form that comes back beside the same server, or none, is as it was', () => {
  assert.equal(follow(DELAY, null), DELAY);
  const opened = follow(DELAY, { rackId: 1, serverId: 7 });
  const elsewhere = { ...opened, form: { ...opened.form, rack: '2', server: ALL } };
  assert.equal(follow(elsewhere, { rackId: 1, serverId: 7 }), elsewhere);
});

test('who goes back to the house keeps the target, and opens the same server anew', () => {
  const house = follow(follow(DELAY, { rackId: 1, serverId: 7 }), null);
  assert.equal(house.form.rack, '1');
  const all = { ...house, form: { ...house.form, rack: ALL } };
  assert.equal(follow(all, { rackId: 1, serverId: 7 }).form.rack, '1');
  assert.equal(follow(house, { rackId: 1, serverId: 8 }).form.server, '8');
});
