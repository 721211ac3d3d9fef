import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaosSpec } from '../../src/config/chaos.ts';
import { loadConfig } from '../../src/config/load.ts';

function load(flags: Readonly<Record<string, unknown>>) {
  return loadConfig(chaosSpec, { flags, env: {}, file: undefined });
}

function refused(flags: Readonly<Record<string, unknown>>, message: string): void {
  assert.throws(() => load(flags), { name: 'ConfigError', message });
}

test('racks and servers are given one by one or as lists', () => {
  assert.deepEqual(load({ rack: ['0'] }).racks, [0]);
  assert.deepEqual(load({ rack: ['3', '0-1'], server: ['1,5'] }).racks, [0, 1, 3]);
  assert.deepEqual(load({ rack: ['0'], server: ['1,5', '2'] }).servers, [1, 2, 5]);
  assert.deepEqual(load({ all: true }).racks, null);
});

test('lasts a minute unless told otherwise', () => {
  assert.equal(load({ rack: ['0'] }).durationSeconds, 60);
  assert.equal(load({ rack: ['0'], duration: '1.5s' }).durationSeconds, 1.5);
  assert.equal(load({ rack: ['0'], forever: true }).durationSeconds, null);
});

test('a clear needs no servers, an injection does', () => {
  assert.equal(load({ clear: true }).action, 'clear');
  assert.deepEqual(load({ clear: true, rack: ['2'] }).racks, [2]);
  refused(
    { loss: '5' },
    '--rack, --server, --all: say what to break: --rack 0, --rack 0 --server 3, --server 3 or --all',
  );
});

test('what does not go together is refused, by the flags that were given', () => {
  refused({ all: true, rack: ['1'] }, '--rack, --all: everything, or some: give --all or --rack and --server');
  refused(
    { rack: ['0'], forever: true, duration: '5s' },
    '--duration, --forever: a duration, or forever: give one of them',
  );
  refused(
    { clear: true, loss: '5', rack: ['0'] },
    '--clear, --loss: clear undoes whatever is there: give it only --rack, --server or --all',
  );
  refused(
    { clear: true, detach: true },
    '--clear, --detach: clear undoes whatever is there: give it only --rack, --server or --all',
  );
});

test('values are held to what is allowed', () => {
  const ids = 'allowed: ids from 0 to 65535 like 3, 0-7 or 1,3,5-7';
  refused({ rack: ['x'] }, `--rack: got "x", ${ids}`);
  refused({ rack: ['0'], server: ['5-2'] }, `--server: got "5-2", ${ids}`);
  refused(
    { rack: ['0'], duration: '0' },
    '--duration: got "0", allowed: a duration from 100ms to 24h, in seconds or as 500ms, 30s, 5m, 2h',
  );
  refused({ rack: ['0'], direction: 'up' }, '--direction: got "up", allowed: egress, ingress, both');
  refused({ rack: ['0'], seed: '-1' }, '--seed: got "-1", allowed: a whole number from 0 to 4294967295');
  refused({ rack: ['0'], target: 'vm' }, '--target: got "vm", allowed: lab, netns, docker, kubernetes');
  refused({ rack: ['0'], url: 'dc-1:8080' }, '--url: got "dc-1:8080", allowed: an http or https URL');
  refused(
    { rack: ['0'], 'spare-port': ['0'] },
    '--spare-port: got "0", allowed: ports from 1 to 65535 like 9990 or 8000,8080, at most 64',
  );
  refused({ rack: ['0'], loss: ['5', '10'] }, '--loss: got ["5","10"], allowed: one value');
});

test('impairments are kept as they were written', () => {
  const { delay, lossModel, loss } = load({ rack: ['0'], delay: '200ms', 'loss-model': 'gemodel:1,10' });
  assert.deepEqual([delay, lossModel, loss], ['200ms', 'gemodel:1,10', null]);
});
