import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { commandOf, flagsOf, flagsText } from '../../scripts/compose/compose-config.ts';
import { composeText } from '../../scripts/compose/compose-file.ts';
import { mayRead } from '../../scripts/compose/key-file.ts';
import { ConfigError } from '../../src/config/load.ts';
import { composeConfig } from '../support/compose-services.ts';

const REFUSED: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
  [{ racks: '0' }, /^--racks: got "0", allowed: a whole number from 1 to 64$/],
  [{ racks: '2.5' }, /^--racks: got "2\.5", allowed: a whole number from 1 to 64$/],
  [{ servers: 'many' }, /^--servers: got "many", allowed: a whole number from 1 to 256$/],
  [{ racks: '9' }, /^--racks: rack 8 server 0 would sing 9 Hz, but every tone must stay below 9 Hz \(0\.45 × 20/],
  [{ racks: '8', servers: '21' }, /^--racks, --servers: rack 7 server 20 would sing 9 Hz, but every tone must stay/],
  [{ racks: '2', 'frequency-plan': 'band:9-12' }, /^--racks, --frequency-plan: rack 0 server \d+ would sing/],
  [
    { racks: '64', servers: '256', 'frequency-plan': 'band:1-8' },
    /^--racks, --servers: 64 racks of 256 servers are more than the 1000 containers/,
  ],
  [{ 'frequency-plan': 'loud' }, /^--frequency-plan: got "loud", allowed: default, or band:LOW-HIGH/],
  [{ 'dc-id': 'a b' }, /^--dc-id: got "a b", allowed: 1 to 63 of the characters/],
  [{ rakcs: '4' }, /^--rakcs: unknown flag, nearest: --racks$/],
];

for (const [flags, message] of REFUSED) {
  test(`${JSON.stringify(flags)} is refused, with what is allowed`, () => {
    assert.throws(
      () => composeConfig(flags),
      (error) => error instanceof ConfigError && message.test(error.message),
    );
  });
}

test('a shell hands on each value of the command whole, also one with a blank or a quote', () => {
  const config = composeConfig({ 'key-file': "./Ann's keys/udp.key" });
  const command = commandOf(config, '/tmp/a lab');
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' }).split('\n');
  assert.equal(words[words.indexOf('--key-file') + 1], "./Ann's keys/udp.key");
  assert.equal(words[words.indexOf('--directory') + 1], '/tmp/a lab');
  assert.doesNotMatch(composeText(composeConfig({ directory: '/tmp/lab' })), /--directory/);
});

test('the command that a file names makes the same again', () => {
  for (const flags of [{}, { racks: '2', servers: '3', 'key-file': './a.key', 'dc-id': 'x', rate: '30' }]) {
    const config = composeConfig(flags);
    const named = commandOf(config).split(' -- ')[1] ?? '';
    const pairs = [...named.matchAll(/--(\S+) (\S+)/g)].map(([, flag, value]) => [flag, value] as const);
    assert.deepEqual(composeConfig(Object.fromEntries(pairs)), config);
  }
});

test('a compose file says with what flags it was made', () => {
  const config = composeConfig({ racks: '2', servers: '3', 'key-file': "./Ann's keys/udp.key", directory: '/tmp/lab' });
  assert.equal(flagsOf(composeText(config)), flagsText(config));
  assert.equal(flagsOf('services: {}\n'), null);
});

for (const [uid, gid, mode, readable] of [
  [1000, 0, 0o400, true],
  [1000, 0, 0o044, false],
  [0, 1000, 0o040, true],
  [0, 1000, 0o604, false],
  [0, 0, 0o600, false],
  [0, 0, 0o004, true],
] as const) {
  test(`user 1000 may${readable ? '' : ' not'} read a file of ${uid}:${gid} with mode ${mode.toString(8)}`, () => {
    assert.equal(mayRead({ uid, gid, mode: 0o100000 | mode }, 1000), readable);
  });
}
