import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../../src/config/duration.ts';
import { parseLabels } from '../../src/config/labels.ts';
import { isNameTemplate, renderName } from '../../src/config/name-template.ts';
import { environmentName, fileKey, flagName } from '../../src/config/names.ts';
import { nearest } from '../../src/config/nearest.ts';
import { parseServerList } from '../../src/config/server-list.ts';

test('one rule gives flag, file key and environment name', () => {
  assert.equal(flagName('udpListenPort'), 'udp-listen-port');
  assert.equal(fileKey('udpListenPort'), 'udp_listen_port');
  assert.equal(environmentName('udpListenPort'), 'UDP_LISTEN_PORT');
  assert.equal(environmentName('rate'), 'NETWATCH_RATE');
  assert.equal(environmentName('tlsCaFile'), 'NETWATCH_TLS_CA_FILE');
});

test('durations are seconds or carry a unit', () => {
  const cases: [string | number, number | null][] = [
    ['500ms', 0.5],
    ['3ms', 0.003],
    ['30s', 30],
    ['5m', 300],
    ['2h', 7200],
    ['1.5', 1.5],
    [0, 0],
    [12.5, 12.5],
    ['', null],
    ['-1s', null],
    ['5 m', null],
    ['5d', null],
    ['.5s', null],
    [-1, null],
    [Infinity, null],
  ];
  for (const [input, seconds] of cases) assert.equal(parseDuration(input), seconds, String(input));
});

test('server lists are sorted, each id once, and bounded', () => {
  assert.deepEqual(parseServerList('0-7'), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(parseServerList('5-7,1,3,6'), [1, 3, 5, 6, 7]);
  assert.deepEqual(parseServerList('10,9,100'), [9, 10, 100]);
  assert.deepEqual(parseServerList(3), [3]);
  assert.deepEqual(parseServerList([4, 2, 4]), [2, 4]);
  assert.equal(parseServerList('0-1023')?.length, 1024);
  const refused = [
    '',
    ',',
    '1,',
    'a',
    '-1',
    '3-1',
    '1-',
    '0-1024',
    '0-1023,2000',
    '65536',
    '0-99999999',
    ' 1',
    '1.5',
    1.5,
  ];
  for (const input of [...refused, -1, [], ['x'], null, {}, true]) assert.equal(parseServerList(input), null);
});

test('labels come as texts or an object, each key once, within limits', () => {
  assert.deepEqual(parseLabels('site=berlin,row=7'), { site: 'berlin', row: '7' });
  assert.deepEqual(parseLabels(['a=1', 'b=x=y']), { a: '1', b: 'x=y' });
  assert.deepEqual(parseLabels({ a: '1' }), { a: '1' });
  assert.deepEqual(Object.entries(parseLabels('__proto__=x') ?? {}), [['__proto__', 'x']]);
  const nine = Array.from({ length: 9 }, (_, index) => `k${index}=v`);
  const long = Array.from({ length: 5 }, (_, index) => `k${index}=${'v'.repeat(60)}`);
  const refused = ['', 'a', '=1', 'a=', 'a=1,a=2', '1a=x', 'a b=c', 'a=\u001b[2J', nine, long, [1], { a: 1 }, null, 7];
  for (const input of refused) assert.equal(parseLabels(input), null);
});

test('name templates know two placeholders', () => {
  assert.equal(renderName('{rack}/{server} of {rack}', { rackId: 3, serverId: 12 }), '3/12 of 3');
  for (const text of ['web', 'server-{rack}-{server}', 'Café {server}', 'x'.repeat(63)])
    assert.ok(isNameTemplate(text));
  for (const text of ['', 'x'.repeat(64), 'é'.repeat(32), '{host}', '{', 'a\nb', '"', '\\', '\u202e']) {
    assert.ok(!isNameTemplate(text), JSON.stringify(text));
  }
});

test('the nearest word has the fewest edits', () => {
  assert.equal(nearest('udp_listen_prot', ['tcp_listen_port', 'udp_listen_port', 'rate']), 'udp_listen_port');
  assert.equal(nearest('rat', ['tls', 'rate']), 'rate');
  assert.equal(nearest('x', []), null);
});
