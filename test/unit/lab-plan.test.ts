import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentSpec } from '../../src/config/agent.ts';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { labSpec, type LabConfig } from '../../src/config/lab.ts';
import { ConfigError, loadConfig } from '../../src/config/load.ts';
import { rackSpec } from '../../src/config/rack.ts';
import { allProcesses, planLab } from '../../src/lab/lab-plan.ts';

const TOKEN_FILE = '/run/user/7/netwatch/lab-4711.token';
const LAB_FILE = '/run/user/7/netwatch/lab-4711.json';
const FILES = { tokenFile: TOKEN_FILE, labFile: LAB_FILE, incidentDirectory: '/lab/incidents' };

function labConfig(flags: Record<string, unknown> = {}): LabConfig {
  return loadConfig(labSpec, { flags, env: {}, file: undefined });
}

/** The flags of a planned command line, as the CLI would read them. */
function flagsOf(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    args.slice(1).map((arg): [string, string] => {
      const [, flag = '', value = ''] = /^--([a-z-]+)=(.*)$/.exec(arg) ?? assert.fail(`not a flag: ${arg}`);
      return [flag, value];
    }),
  );
}

function portsOf(flags: Record<string, unknown>): string[] {
  return allProcesses(planLab(labConfig(flags), FILES)).map(
    ({ name, places }) => `${name}: ${places.map(({ protocol, port }) => `${protocol} ${port}`).join(', ')}`,
  );
}

test('the default lab is a datacenter, 4 racks and 4 agents on the default ports', () => {
  assert.deepEqual(portsOf({}), [
    'datacenter: tcp 9990, tcp 8080, tcp 8000',
    'rack-0: udp 9999, tcp 8001',
    'rack-1: udp 10000, tcp 8002',
    'rack-2: udp 10001, tcp 8003',
    'rack-3: udp 10002, tcp 8004',
    'agent-0: tcp 8101, tcp 8201',
    'agent-1: tcp 8102, tcp 8202',
    'agent-2: tcp 8103, tcp 8203',
    'agent-3: tcp 8104, tcp 8204',
  ]);
});

test('a base port moves every port', () => {
  assert.deepEqual(portsOf({ 'base-port': '20000', racks: '2' }), [
    'datacenter: tcp 20000, tcp 20001, tcp 20002',
    'rack-0: udp 20100, tcp 20200',
    'rack-1: udp 20101, tcp 20201',
    'agent-0: tcp 20300, tcp 20400',
    'agent-1: tcp 20301, tcp 20401',
  ]);
});

test('no port is used twice in the largest lab', () => {
  for (const flags of [{}, { 'base-port': '20000' }]) {
    const plan = planLab(labConfig({ ...flags, racks: '64', 'frequency-plan': 'band:1-8' }), FILES);
    const places = allProcesses(plan).flatMap((planned) => planned.places);
    assert.equal(places.length, 3 + 64 * 4);
    assert.equal(new Set(places.map(({ protocol, port }) => `${protocol} ${port}`)).size, places.length);
  }
});

test('ports above the last one are refused, with the one that is too high and what is allowed', () => {
  const config = { ...labConfig({ racks: '3' }), basePort: 65_300 };
  assert.throws(
    () => planLab(config, FILES),
    (error) =>
      error instanceof ConfigError &&
      error.message ===
        '--base-port: got 65300, but agent-2 would listen on port 65702, and the last there is is 65535; ' +
          'allowed with --racks 3: 1 to 65133',
  );
  assert.doesNotThrow(() => planLab({ ...config, basePort: 65_133 }, FILES));
});

test('the roles accept their arguments, and what they say fits together', () => {
  const config = labConfig({
    racks: '2',
    servers: '3',
    rate: '50',
    'frequency-plan': 'band:2-9',
    'base-port': '30000',
    'key-file': 'lab.key',
    severity: 'loss=0.05/0.5,jitter=0.001/0.002',
    'log-level': 'debug',
  });
  const plan = planLab(config, FILES);
  const [, rackPlan] = plan.racks;
  const [, agentPlan] = plan.agents;
  assert.ok(rackPlan && agentPlan);
  const load = { env: {}, file: undefined };
  const datacenter = loadConfig(datacenterSpec, { flags: flagsOf(plan.datacenter.args), ...load });
  const rack = loadConfig(rackSpec, { flags: flagsOf(rackPlan.args), ...load });
  const agent = loadConfig(agentSpec, { flags: flagsOf(agentPlan.args), ...load });

  assert.deepEqual([plan.datacenter.args[0], rackPlan.args[0], agentPlan.args[0]], ['datacenter', 'rack', 'agent']);
  assert.equal(datacenter.numRacks, 2);
  assert.deepEqual([rack.rackId, agent.rackId], [1, 1]);
  assert.equal(rack.dcControllerPort, datacenter.tcpListenPort);
  assert.equal(agent.rackControllerPort, rack.udpListenPort);
  assert.deepEqual(rack.expectedServerIds, [0, 1, 2]);
  assert.deepEqual(agent.serverIds, rack.expectedServerIds);
  assert.deepEqual([rack.sampleRateHz, agent.sampleRateHz], [50, 50]);
  assert.deepEqual(agent.frequencyPlan, rack.frequencyPlan);
  assert.deepEqual(agent.frequencyPlan, { kind: 'band', lowHz: 2, highHz: 9 });
  assert.deepEqual([rack.keyFile, agent.keyFile], ['lab.key', 'lab.key']);
  const { loss, jitter } = rack.detection.severity;
  assert.deepEqual(
    [loss, jitter],
    [
      [0.05, 0.5],
      [0.001, 0.002],
    ],
  );
  assert.deepEqual([datacenter.logLevel, rack.logLevel, agent.logLevel], ['debug', 'debug', 'debug']);
  assert.equal(agent.nameTemplate, 'r{rack}-s{server}');
  assert.equal(plan.apiUrl, 'http://127.0.0.1:30001');
  assert.equal(plan.datacenter.readyUrl, 'http://127.0.0.1:30001/readyz');
  assert.equal(rackPlan.readyUrl, 'http://127.0.0.1:30201/readyz');
  assert.equal(agentPlan.metricsUrl, 'http://127.0.0.1:30301/metrics');
  assert.deepEqual([datacenter.controlTokenFile, agent.controlTokenFile], [TOKEN_FILE, TOKEN_FILE]);
  assert.equal(datacenter.labFile, LAB_FILE);
  assert.deepEqual([plan.dashboardUrl, plan.tokenFile], ['http://127.0.0.1:30001/', TOKEN_FILE]);
  assert.deepEqual([agent.controlPort, agentPlan.controlUrl], [30_401, 'http://127.0.0.1:30401']);
  assert.deepEqual([agentPlan.rackId, agentPlan.serverIds], [1, [0, 1, 2]]);
});

test('roles that listen on every address are reached over loopback', () => {
  const plan = planLab(labConfig({ host: '0.0.0.0' }), FILES);
  const flags = flagsOf(plan.racks[0]?.args ?? []);
  assert.deepEqual([flags['udp-listen-host'], flags['dc-controller-host']], ['0.0.0.0', '127.0.0.1']);
  assert.equal(plan.apiUrl, 'http://127.0.0.1:8080');
  assert.deepEqual(
    plan.agents[0]?.places.map(({ host }) => host),
    ['0.0.0.0', '127.0.0.1'],
    'control stays on loopback',
  );
  assert.equal(planLab(labConfig({ host: '::1' }), FILES).apiUrl, 'http://[::1]:8080');
});

test('racks put their capsules into a folder of the lab, or where its user says', () => {
  const folders = (flags: Record<string, unknown>) =>
    planLab(labConfig({ racks: '2', ...flags }), FILES).racks.map(({ args }) => flagsOf(args)['incident-dir']);
  assert.deepEqual(folders({}), ['/lab/incidents', '/lab/incidents']);
  assert.deepEqual(folders({ 'incident-dir': 'kept' }), ['kept', 'kept']);
});

test('racks keep as much before and after a fault as the user of the lab says', () => {
  const spans = (flags: Record<string, unknown>) =>
    planLab(labConfig({ racks: '2', ...flags }), FILES).racks.map(
      ({ args }) => loadConfig(rackSpec, { flags: flagsOf(args), env: {}, file: undefined }).incidentSpanSeconds,
    );
  assert.deepEqual(spans({}), [60, 60]);
  assert.deepEqual(spans({ 'incident-span': '500s' }), [500, 500]);
  assert.throws(
    () => spans({ 'incident-span': '1h' }),
    /--incident-span: got "1h", allowed: a duration from 1s to 10m/,
  );
});
