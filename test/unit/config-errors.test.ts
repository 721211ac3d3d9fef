import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentSpec } from '../../src/config/agent.ts';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { labSpec } from '../../src/config/lab.ts';
import { ConfigError, loadConfig, type ConfigSources } from '../../src/config/load.ts';
import { rackSpec } from '../../src/config/rack.ts';
import type { ConfigSpec, Fields } from '../../src/config/spec.ts';

function message<F extends Fields, C>(spec: ConfigSpec<F, C>, parts: Partial<ConfigSources>): string {
  try {
    loadConfig(spec, { flags: {}, env: {}, file: undefined, fileName: 'net.json', ...parts });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'valid';
}

const agent = (flags: Record<string, unknown>): string => message(agentSpec, { flags });
const rack = (flags: Record<string, unknown>): string => message(rackSpec, { flags });
const datacenter = (flags: Record<string, unknown>): string => message(datacenterSpec, { flags });
const lab = (flags: Record<string, unknown>): string => message(labSpec, { flags });

const SERVERS = 'server ids from 0 to 65535 like 3, 0-7 or 1,3,5-7, at most 1024';
const LABELS = 'up to 8 labels like site=berlin,row=7, each key once, together at most 256 bytes';
const NAME = 'a name of 1 to 63 bytes, without quotes or backslashes, in which {rack} and {server} are filled in';
const PLAN = 'default, or band:LOW-HIGH with 0 < LOW < HIGH in Hz';
const LEVELS = 'fatal, error, warn, info, debug, trace, silent';

test('a value that is not allowed is named with its flag, what was given and what is allowed', () => {
  const cases: [string, string][] = [
    [rack({ 'udp-listen-port': '99999' }), '--udp-listen-port: got "99999", allowed: a whole number from 0 to 65535'],
    [rack({ 'udp-listen-port': '' }), '--udp-listen-port: got "", allowed: a whole number from 0 to 65535'],
    [rack({ 'udp-listen-port': '12abc' }), '--udp-listen-port: got "12abc", allowed: a whole number from 0 to 65535'],
    [rack({ 'udp-listen-port': '1.5' }), '--udp-listen-port: got "1.5", allowed: a whole number from 0 to 65535'],
    [rack({ 'udp-listen-port': true }), '--udp-listen-port: got true, allowed: a whole number from 0 to 65535'],
    [rack({ rate: ['20', '30'] }), '--rate: got ["20","30"], allowed: a number from 1 to 1000'],
    [rack({ rate: ' 20' }), '--rate: got " 20", allowed: a number from 1 to 1000'],
    [rack({ rate: '1e2' }), '--rate: got "1e2", allowed: a number from 1 to 1000'],
    [rack({ rate: Number.NaN }), '--rate: got null, allowed: a number from 1 to 1000'],
    [
      agent({ 'rack-controller-port': '0' }),
      '--rack-controller-port: got "0", allowed: a whole number from 1 to 65535',
    ],
    [agent({ 'interval-sec': '0' }), '--interval-sec: got "0", allowed: a number from 0.001 to 1'],
    [agent({ servers: '5-3' }), `--servers: got "5-3", allowed: ${SERVERS}`],
    [agent({ servers: '0-1024' }), `--servers: got "0-1024", allowed: ${SERVERS}`],
    [agent({ wire: 'xml' }), '--wire: got "xml", allowed: binary, json'],
    [agent({ label: ['a=1', 'a=2'] }), `--label: got ["a=1","a=2"], allowed: ${LABELS}`],
    [agent({ name: '{host}' }), `--name: got "{host}", allowed: ${NAME}`],
    [agent({ 'frequency-plan': 'band:8-1' }), `--frequency-plan: got "band:8-1", allowed: ${PLAN}`],
    [
      agent({ 'rack-controller-host': 'a b' }),
      '--rack-controller-host: got "a b", allowed: a host name or an IP address',
    ],
    [agent({ 'key-file': '' }), '--key-file: got "", allowed: the name of a file'],
    [agent({ 'log-level': 'loud' }), `--log-level: got "loud", allowed: ${LEVELS}`],
    [rack({ window: '200' }), '--window: got "200", allowed: a power of two from 64 to 4096'],
    [rack({ window: '8192' }), '--window: got "8192", allowed: a power of two from 64 to 4096'],
    [rack({ tls: 'yes' }), '--tls: got "yes", allowed: true or false'],
    [
      rack({ 'forget-after': '15 min' }),
      '--forget-after: got "15 min", allowed: a duration from 1s to 720h, in seconds or as 500ms, 30s, 5m, 2h',
    ],
    [datacenter({ 'dc-id': 'a/b' }), '--dc-id: got "a/b", allowed: 1 to 63 of the characters A-Z a-z 0-9 _ . -'],
    [lab({ racks: '65' }), '--racks: got "65", allowed: a whole number from 1 to 64'],
  ];
  for (const [actual, expected] of cases) assert.equal(actual, expected);
});

test('the environment name, or the file and its key, is named when the value came from there', () => {
  assert.equal(
    message(rackSpec, { env: { UDP_LISTEN_PORT: '' }, file: { udp_listen_port: 5 } }),
    'UDP_LISTEN_PORT: got "", allowed: a whole number from 0 to 65535',
  );
  assert.equal(message(agentSpec, { env: { SERVER_ID: 'x' } }), `SERVER_ID: got "x", allowed: ${SERVERS}`);
  assert.equal(
    message(rackSpec, { file: { rate: null } }),
    'net.json: rate: got null, allowed: a number from 1 to 1000',
  );
});

test('every problem has its own line, and a long value is cut', () => {
  assert.equal(
    message(rackSpec, { flags: { 'rack-id': 'x'.repeat(100) }, env: { NETWATCH_WINDOW: '3' }, file: { tls: 1 } }),
    [
      `--rack-id: got "${'x'.repeat(76)}…, allowed: a whole number from 0 to 65535`,
      'NETWATCH_WINDOW: got "3", allowed: a power of two from 64 to 4096',
      'net.json: tls: got 1, allowed: true or false',
    ].join('\n'),
  );
});

test('unknown keys are refused with the nearest allowed one', () => {
  assert.equal(
    message(rackSpec, { file: { udp_listen_prot: 1 } }),
    'net.json: unknown key udp_listen_prot, nearest: udp_listen_port',
  );
  assert.equal(
    message(rackSpec, { file: { udpListenPort: 1 } }),
    'net.json: unknown key udpListenPort, nearest: udp_listen_port',
  );
  assert.equal(message(rackSpec, { flags: { widow: '64' } }), '--widow: unknown flag, nearest: --window');
  const polluted: unknown = JSON.parse('{"__proto__":{"rate":5}}');
  assert.match(message(rackSpec, { file: polluted }), /^net\.json: unknown key __proto__, nearest: /);
  assert.equal(message(rackSpec, { file: [1] }), 'net.json: got [1], allowed: a JSON object');
});

test('a tone that is not below 0.45 of the sample rate is refused with rack and server', () => {
  const tooHigh =
    'but every tone must stay below 9 Hz (0.45 × 20 samples/s): raise the rate or use --frequency-plan band:LOW-HIGH';
  assert.equal(
    agent({ 'rack-id': '7', servers: '0-40' }),
    `--rack-id, --servers: rack 7 server 20 would sing 9 Hz, ${tooHigh}`,
  );
  assert.equal(rack({ 'rack-id': '8' }), `--rack-id: rack 8 server 0 would sing 9 Hz, ${tooHigh}`);
  assert.equal(rack({ expect: '160' }), `--expect: rack 0 server 160 would sing 9 Hz, ${tooHigh}`);
  assert.equal(lab({ racks: '9' }), `--racks: rack 8 server 0 would sing 9 Hz, ${tooHigh}`);
  assert.equal(lab({ racks: '9', 'frequency-plan': 'band:1-8' }), 'valid');
  assert.equal(agent({ 'rack-id': '7', servers: '0-40', rate: '50' }), 'valid');
});

test('a lab with more network namespaces than its machine could hold is refused', () => {
  assert.equal(
    lab({ isolation: 'netns', racks: '8', servers: '32', 'frequency-plan': 'band:1-8' }),
    '--isolation, --racks, --servers: 8 × 32 servers are more than the 250 namespaces a lab may have; ' +
      'each has an agent of its own, which takes some 45 MB',
  );
  assert.equal(lab({ isolation: 'netns', racks: '5', servers: '50', 'frequency-plan': 'band:1-8' }), 'valid');
  assert.equal(lab({ racks: '8', servers: '32', 'frequency-plan': 'band:1-8' }), 'valid');
  assert.equal(lab({ isolation: 'docker' }), '--isolation: got "docker", allowed: none, netns');
});

test('rate and interval may not disagree', () => {
  assert.equal(
    message(agentSpec, { flags: { rate: '20' }, env: { INTERVAL_SEC: '0.1' } }),
    '--rate, INTERVAL_SEC: 20 samples/s and an interval of 0.1 s disagree: give one of them',
  );
});

test('JSON datagrams and a key exclude each other', () => {
  assert.equal(
    message(agentSpec, { flags: { wire: 'json' }, env: { NETWATCH_KEY_FILE: 'k' } }),
    '--wire, NETWATCH_KEY_FILE: JSON datagrams cannot be authenticated: use --wire binary or give no key file',
  );
});

test('there is no control of chaos without a token', () => {
  assert.equal(
    agent({ 'control-port': '8201' }),
    '--control-port: whoever may break the network of this agent must show a token: give --control-token-file too',
  );
  assert.equal(agent({ 'control-port': '8201', 'control-token-file': 'token' }), 'valid');
});

test('TLS files go together, and not without TLS', () => {
  const together =
    'a certificate and its private key go together: give both --tls-cert-file and --tls-key-file, or neither';
  assert.equal(rack({ tls: true, 'tls-cert-file': 'c' }), `--tls-cert-file: ${together}`);
  assert.equal(datacenter({ 'tls-key-file': 'k' }), `--tls-key-file: ${together}`);
  assert.equal(rack({ 'tls-ca-file': 'ca' }), '--tls-ca-file: TLS files are given but TLS is off: add --tls');
  assert.equal(
    datacenter({ 'tls-ca-file': 'ca' }),
    '--tls-ca-file: client certificates need TLS: give --tls-cert-file and --tls-key-file too',
  );
  assert.equal(datacenter({ 'tls-ca-file': 'ca', 'tls-cert-file': 'c', 'tls-key-file': 'k' }), 'valid');
  assert.equal(rack({ tls: 'true', 'tls-ca-file': 'ca' }), 'valid');
});

test('a rack cannot expect more servers than it listens to', () => {
  assert.equal(
    rack({ expect: '0-7', 'max-servers': '4' }),
    '--expect, --max-servers: 8 servers are expected, but at most 4 are listened to',
  );
});
