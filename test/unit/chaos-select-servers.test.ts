import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopeText, selectServers } from '../../src/chaos/select-servers.ts';
import { rangesText } from '../../src/chaos/server-ids.ts';
import { keyOf, servers } from '../support/fake-chaos-target.ts';

const all = servers(3, 4);

function selected(racks: readonly number[] | null, ids: readonly number[] | null): string {
  return selectServers(all, { racks, servers: ids }).map(keyOf).join(' ');
}

test('a server list selects in each of the racks', () => {
  assert.equal(selected([1], null), '1/0 1/1 1/2 1/3');
  assert.equal(selected([0, 2], [1, 3]), '0/1 0/3 2/1 2/3');
  assert.equal(selected(null, [2]), '0/2 1/2 2/2');
  assert.equal(selected(null, null).split(' ').length, 12);
});

test('a rack or server that is not there is named, with those that are', () => {
  const there = 'there are rack 0 with servers 0-3, rack 1 with servers 0-3, rack 2 with servers 0-3';
  assert.throws(() => selected([0, 3, 4, 7], null), {
    name: 'ChaosError',
    message: `there is no rack 3-4,7: ${there}`,
  });
  assert.throws(() => selected([1], [3, 4]), { message: `there is no server 4 in rack 1: ${there}` });
  assert.throws(() => selected(null, [9]), { message: `there is no server 9 in any rack: ${there}` });
  assert.throws(() => selectServers([], { racks: [0], servers: null }), {
    message: 'there is no rack 0: there are no servers at all',
  });
});

test('a scope is said as a person would', () => {
  const scope = (racks: readonly number[] | null, ids: readonly number[] | null): string =>
    scopeText(selectServers(all, { racks, servers: ids }), all);
  assert.equal(scope([0], null), 'rack 0');
  assert.equal(scope(null, null), 'racks 0-2');
  assert.equal(scope([0, 2], [0, 1, 2, 3]), 'racks 0,2');
  assert.equal(scope([1], [3]), 'rack 1 server 3');
  assert.equal(scope([1], [0, 2, 3]), 'rack 1 servers 0,2-3');
  assert.equal(scope(null, [3]), '3 servers of 3 racks');
});

test('ids are given as ranges', () => {
  assert.equal(rangesText([]), '');
  assert.equal(rangesText([5]), '5');
  assert.equal(rangesText([0, 1, 2, 5, 7, 8]), '0-2,5,7-8');
});
