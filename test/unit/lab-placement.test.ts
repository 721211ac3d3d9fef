import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labSpec } from '../../src/config/lab.ts';
import { loadConfig } from '../../src/config/load.ts';
import { planNetns } from '../../src/lab/isolation/netns-plan.ts';
import { labFacts, silenceHint } from '../../src/lab/lab-facts.ts';
import { allProcesses, planLab } from '../../src/lab/lab-plan.ts';
import { placeInNamespaces } from '../../src/lab/placement.ts';

const CONFIG = loadConfig(labSpec, {
  flags: { racks: '3', servers: '2', isolation: 'netns' },
  env: {},
  file: undefined,
});
const NETNS = planNetns({
  version: 1,
  pid: 4711,
  start_ticks: 99,
  network: '10.78',
  racks: 3,
  servers_per_rack: 2,
});
const PLAN = planLab(
  CONFIG,
  { tokenFile: 'token', labFile: 'lab', incidentDirectory: 'incidents' },
  placeInNamespaces(NETNS),
);
const PROCESSES = PLAN.agents.map(({ name }, n) => ({ name, pid: 100 + n, restarts: 0 }));

test('each server has an agent of its own, in its namespace and on its address', () => {
  assert.deepEqual(
    PLAN.agents.map(({ name, commandPrefix, readyUrl }) => [name, commandPrefix.join(' '), readyUrl]),
    [
      ['agent-0-0', 'ip netns exec nw4711r0s0', 'http://10.78.0.2:8101/readyz'],
      ['agent-0-1', 'ip netns exec nw4711r0s1', 'http://10.78.0.3:8101/readyz'],
      ['agent-1-0', 'ip netns exec nw4711r1s0', 'http://10.78.1.2:8102/readyz'],
      ['agent-1-1', 'ip netns exec nw4711r1s1', 'http://10.78.1.3:8102/readyz'],
      ['agent-2-0', 'ip netns exec nw4711r2s0', 'http://10.78.2.2:8103/readyz'],
      ['agent-2-1', 'ip netns exec nw4711r2s1', 'http://10.78.2.3:8103/readyz'],
    ],
  );
});

test('an agent in a namespace sends to the bridge of its rack and has no control endpoint', () => {
  const args = PLAN.agents.find(({ name }) => name === 'agent-1-1')?.args ?? [];
  for (const flag of [
    '--rack-id=1',
    '--servers=1',
    '--rack-controller-host=10.78.1.1',
    '--rack-controller-port=10000',
    '--metrics-host=10.78.1.3',
  ]) {
    assert.ok(args.includes(flag), `${flag} in ${args.join(' ')}`);
  }
  assert.deepEqual(
    args.filter((arg) => arg.includes('control-')),
    [],
  );
  assert.ok(PLAN.agents.every(({ controlUrl }) => controlUrl === null));
  assert.ok(PLAN.datacenter.args.includes('--control-token-file=token'), 'the datacenter still hears of chaos');
});

test('racks listen for samples on their bridge, and for everything else where the lab does', () => {
  const places = allProcesses(PLAN).flatMap((planned) => planned.places);
  assert.deepEqual(
    places.map(({ protocol, host, port }) => `${protocol} ${host}:${port}`),
    [
      'tcp 127.0.0.1:9990',
      'tcp 127.0.0.1:8080',
      'tcp 127.0.0.1:8000',
      'udp 10.78.0.1:9999',
      'tcp 127.0.0.1:8001',
      'udp 10.78.1.1:10000',
      'tcp 127.0.0.1:8002',
      'udp 10.78.2.1:10001',
      'tcp 127.0.0.1:8003',
    ],
  );
  assert.ok(PLAN.racks[1]?.args.includes('--expect=0-1'));
});

test('what is worth knowing names addresses that are not those of the lab, and which server an agent is', () => {
  const facts = labFacts({ plan: PLAN, processes: PROCESSES, chaosCommand: 'netwatch chaos' });
  const text = (wanted: string) => facts.find(({ label }) => label === wanted)?.text;
  assert.equal(
    text('metrics'),
    'http://127.0.0.1:8000/metrics, racks :8001 to :8003, agents 10.78.0.2:8101 to 10.78.2.3:8103',
  );
  assert.match(text('pids') ?? '', /^agent-0-0 100, agent-0-1 101, /);
  assert.equal(silenceHint(PLAN, PROCESSES, 10), 'kill -9 104 silences rack 2 server 0 (back after 10 s)');
});
