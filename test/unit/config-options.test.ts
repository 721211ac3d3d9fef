import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentSpec } from '../../src/config/agent.ts';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { labSpec } from '../../src/config/lab.ts';
import { optionsOf, pickFlags } from '../../src/config/options.ts';
import { rackSpec } from '../../src/config/rack.ts';

test('the public environment names are exactly those of the contract', () => {
  const names = [agentSpec, rackSpec, datacenterSpec].flatMap((spec) => optionsOf(spec).map(({ env }) => env));
  const plain = names.filter((name) => name !== null && !name.startsWith('NETWATCH_'));
  assert.deepEqual(
    new Set(plain),
    new Set(
      (
        'DC_CONTROLLER_HOST DC_CONTROLLER_PORT DC_ID INTERVAL_SEC METRICS_PORT NUM_RACKS RACK_CONTROLLER_HOST ' +
        'RACK_CONTROLLER_PORT RACK_ID SERVER_ID TCP_LISTEN_HOST TCP_LISTEN_PORT UDP_LISTEN_HOST UDP_LISTEN_PORT'
      ).split(' '),
    ),
  );
  assert.ok(optionsOf(labSpec).every(({ env }) => env === null));
});

test('an option has everything a command line parser needs', () => {
  const servers = optionsOf(agentSpec).find(({ flag }) => flag === 'servers');
  assert.deepEqual(servers, {
    key: 'servers',
    flag: 'servers',
    aliases: ['server-id'],
    env: 'SERVER_ID',
    type: 'string',
    repeatable: false,
    description: 'servers to sing for: 3, 0-7 or 1,3,5-7',
    allowed: 'server ids from 0 to 65535 like 3, 0-7 or 1,3,5-7, at most 1024',
    defaultText: '0',
  });
  const byFlag = new Map(optionsOf(rackSpec).map((option) => [option.flag, option]));
  assert.equal(byFlag.get('tls')?.type, 'boolean');
  assert.equal(byFlag.get('forget-after')?.defaultText, '15m');
  assert.equal(byFlag.get('key-file')?.defaultText, 'none');
  assert.equal(byFlag.get('expect')?.defaultText, 'every server that was heard');
});

test('a role takes only its own flags from what was parsed', () => {
  const parsed = { _: [], $0: 'netwatch', 'server-id': '3', serverId: '3', servers: '3', config: 'x', rate: undefined };
  assert.deepEqual(pickFlags(agentSpec, parsed), { servers: '3' });
});
