import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentSpec } from '../../src/config/agent.ts';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { labSpec } from '../../src/config/lab.ts';
import { describeConfig, loadConfig, parseConfigFile, type ConfigSources } from '../../src/config/load.ts';
import { rackSpec } from '../../src/config/rack.ts';
import { DEFAULT_DETECTION } from '../../src/core/detect/detection-options.ts';

function sources(parts: Partial<ConfigSources> = {}): ConfigSources {
  return { flags: {}, env: {}, file: undefined, ...parts };
}

test('defaults of every role are valid', () => {
  assert.deepEqual(loadConfig(agentSpec, sources()), {
    rackId: 0,
    serverIds: [0],
    rackControllerHost: '127.0.0.1',
    rackControllerPort: 9999,
    sampleRateHz: 20,
    wire: 'binary',
    frequencyPlan: { kind: 'default' },
    nameTemplate: 'server-{rack}-{server}',
    labels: {},
    keyFile: null,
    metricsHost: '127.0.0.1',
    metricsPort: 8000,
    controlPort: null,
    controlTokenFile: null,
    logLevel: 'info',
  });
  assert.deepEqual(loadConfig(rackSpec, sources()), {
    rackId: 0,
    udpListenHost: '127.0.0.1',
    udpListenPort: 9999,
    dcControllerHost: '127.0.0.1',
    dcControllerPort: 9990,
    sampleRateHz: 20,
    frequencyPlan: { kind: 'default' },
    windowSlots: 256,
    expectedServerIds: null,
    detection: DEFAULT_DETECTION,
    forgetAfterSeconds: 900,
    maxServers: 1024,
    keyFile: null,
    maxClockOffsetSeconds: 300,
    reportQueue: 3600,
    incidentDir: null,
    incidentBytes: 64 * 2 ** 20,
    incidentSpanSeconds: 60,
    tls: false,
    tlsCaFile: null,
    tlsCertFile: null,
    tlsKeyFile: null,
    metricsHost: '127.0.0.1',
    metricsPort: 8000,
    logLevel: 'info',
  });
  assert.deepEqual(loadConfig(datacenterSpec, sources()), {
    dcId: '0',
    tcpListenHost: '127.0.0.1',
    tcpListenPort: 9990,
    apiHost: '127.0.0.1',
    apiPort: 8080,
    metricsHost: '127.0.0.1',
    metricsPort: 8000,
    numRacks: 0,
    rackTimeoutSeconds: 3,
    forgetAfterSeconds: 900,
    maxConnections: 256,
    idleTimeoutSeconds: 60,
    maxEvents: 1000,
    tlsCertFile: null,
    tlsKeyFile: null,
    tlsCaFile: null,
    controlTokenFile: null,
    apiTokenFile: null,
    allowOrigin: [],
    labFile: null,
    logLevel: 'info',
  });
  assert.deepEqual(loadConfig(labSpec, sources()), {
    racks: 4,
    serversPerRack: 8,
    sampleRateHz: 20,
    frequencyPlanText: 'default',
    durationSeconds: null,
    json: false,
    open: false,
    basePort: null,
    host: '127.0.0.1',
    isolation: 'none',
    restartAfterSeconds: 10,
    incidentSpanSeconds: 60,
    keyFile: null,
    incidentDir: null,
    severityText: null,
    logLevel: 'info',
  });
});

test('flags win over the environment, which wins over the file, which wins over defaults', () => {
  const env = { UDP_LISTEN_PORT: '3', NETWATCH_RATE: '30', NETWATCH_WINDOW: '128' };
  const file = { udp_listen_port: 4, rate: 40, max_servers: 7 };
  const flags = { 'udp-listen-port': '2', rate: undefined };
  const config = loadConfig(rackSpec, sources({ flags, env, file }));
  assert.equal(config.udpListenPort, 2);
  assert.equal(config.sampleRateHz, 30);
  assert.equal(config.windowSlots, 128);
  assert.equal(config.maxServers, 7);
  assert.equal(config.udpListenHost, '127.0.0.1');
});

test('only the public environment names are plain, and the lab reads none', () => {
  const stray = { NAME: 'x', RATE: '50', WIRE: 'json', LOG_LEVEL: 'nonsense', SERVERS: '9' };
  assert.deepEqual(loadConfig(agentSpec, sources({ env: stray })), loadConfig(agentSpec, sources()));
  const known = { RACK_ID: '2', SERVER_ID: '1-3', NETWATCH_NAME: 'db-{server}', NETWATCH_LABEL: 'site=a,row=2' };
  const config = loadConfig(agentSpec, sources({ env: known }));
  assert.equal(config.rackId, 2);
  assert.deepEqual(config.serverIds, [1, 2, 3]);
  assert.equal(config.nameTemplate, 'db-{server}');
  assert.deepEqual(config.labels, { site: 'a', row: '2' });
  assert.equal(loadConfig(labSpec, sources({ env: { NETWATCH_RATE: '50', NETWATCH_RACKS: '1' } })).sampleRateHz, 20);
});

test('an interval is another way to give the rate', () => {
  assert.equal(loadConfig(agentSpec, sources({ env: { INTERVAL_SEC: '0.1' } })).sampleRateHz, 10);
  const agreeing = sources({ flags: { rate: '20' }, env: { INTERVAL_SEC: '0.05' } });
  assert.equal(loadConfig(agentSpec, agreeing).sampleRateHz, 20);
});

test('a configuration is frozen all the way down, and its sources are not', () => {
  const file = { servers: [3, 1], label: { site: 'a' } };
  const config = loadConfig(agentSpec, sources({ file }));
  for (const part of [config, config.serverIds, config.labels, config.frequencyPlan]) assert.ok(Object.isFrozen(part));
  assert.ok(!Object.isFrozen(file.label) && !Object.isFrozen(file.servers));
  assert.deepEqual(config.serverIds, [1, 3]);
});

test('the effective configuration says where each value came from', () => {
  const given = { flags: { servers: '0-2' }, env: { INTERVAL_SEC: '0.1' }, file: { wire: 'json' }, fileName: 'a.json' };
  const lines = describeConfig(agentSpec, sources(given)).map((entry) => [entry.fileKey, entry.value, entry.source]);
  const find = (key: string): unknown[] | undefined => lines.find(([name]) => name === key);
  assert.deepEqual(find('servers'), ['servers', [0, 1, 2], '--servers']);
  assert.deepEqual(find('rate'), ['rate', 10, 'INTERVAL_SEC']);
  assert.deepEqual(find('wire'), ['wire', 'json', 'a.json: wire']);
  assert.deepEqual(find('rack_controller_port'), ['rack_controller_port', 9999, 'default']);
});

test('what is printed is a config file that gives the same configuration', () => {
  const flags = {
    expect: '0-3',
    'forget-after': '2m',
    tls: true,
    'tls-ca-file': 'ca.pem',
    'frequency-plan': 'band:1-8',
  };
  const printed = Object.fromEntries(
    describeConfig(rackSpec, sources({ flags })).map((entry) => [entry.fileKey, entry.value]),
  );
  const file = parseConfigFile(JSON.stringify(printed), 'printed.json');
  assert.deepEqual(loadConfig(rackSpec, sources({ file })), loadConfig(rackSpec, sources({ flags })));
  const interval = { 'interval-sec': '0.1', label: ['a=1', 'b=2'] };
  const agent = Object.fromEntries(
    describeConfig(agentSpec, sources({ flags: interval })).map((entry) => [entry.fileKey, entry.value]),
  );
  assert.deepEqual(
    loadConfig(agentSpec, sources({ file: agent })),
    loadConfig(agentSpec, sources({ flags: interval })),
  );
});

test('a config file that is not JSON is named', () => {
  assert.throws(() => parseConfigFile('{', 'a.json'), { name: 'ConfigError', message: /^a\.json: not JSON: / });
});
