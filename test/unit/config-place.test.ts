import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { placeSpec } from '../../src/config/place.ts';

const load = (flags: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) =>
  loadConfig(placeSpec, { flags, env, file: undefined });

test('a pod says which node and which namespace by its environment', () => {
  const { nodeName, namespace } = load({}, { NODE_NAME: 'worker-3', POD_NAMESPACE: 'watch' });
  assert.deepEqual([nodeName, namespace], ['worker-3', 'watch']);
});

test('without a node it is said where a pod has its name from', () => {
  assert.throws(() => load({}), {
    name: 'ConfigError',
    message: '--node: got "", allowed: the name of a node; in a pod, set NODE_NAME from its field spec.nodeName',
  });
});

test('the host of a rack controller has no other placeholder than {rack}', () => {
  for (const host of ['rack-{rack}.racks', '{rack}.{rack}', '127.0.0.1']) {
    assert.equal(load({ node: 'n', 'rack-controller-host': host }).rackControllerHost, host);
  }
  for (const host of ['', 'rack-{rak}', 'rack-{', 'a b', 'a'.repeat(254)]) {
    assert.throws(() => load({ node: 'n', 'rack-controller-host': host }), /allowed: a host name in which \{rack\}/);
  }
});

test('labels are those that a node can have', () => {
  for (const label of ['netwatch.io/rack', 'rack', 'example.com/Row_7']) {
    assert.equal(load({ node: 'n', 'rack-label': label }).rackLabel, label);
  }
  for (const label of ['', '/rack', 'a/b/c', 'UPPER.io/rack', 'r'.repeat(64)]) {
    assert.throws(
      () => load({ node: 'n', 'rack-label': label }),
      /^ConfigError: --rack-label: got .*, allowed: the name/,
    );
  }
});
