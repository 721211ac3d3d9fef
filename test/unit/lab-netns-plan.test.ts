import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildProblem } from '../../src/lab/isolation/build-netns.ts';
import { parseLinks } from '../../src/lab/isolation/kernel-networks.ts';
import { networkConflict, NETWORKS, parseRoutes } from '../../src/lab/isolation/netns-network.ts';
import { hostLines, planNetns, serverLines, serversOf } from '../../src/lab/isolation/netns-plan.ts';
import { noNetworkText } from '../../src/lab/isolation/open-netns.ts';
import { missingCapabilities, requireNetns } from '../../src/lab/isolation/require-netns.ts';
import { type NetnsClaim, parseNetnsClaim } from '../../src/wire/netns-claim.ts';

const CLAIM: NetnsClaim = {
  version: 1,
  pid: 4711,
  start_ticks: 99,
  network: '10.78',
  racks: 2,
  servers_per_rack: 3,
};
/** The longest process id that Linux gives out. */
const LONGEST_PID = 4_194_304;
const MAX_NAME_LENGTH = 15;

test('each rack has a bridge with the first address, each server a namespace and the next address', () => {
  const plan = planNetns(CLAIM);
  assert.equal(plan.alias, 'netwatch-lab-4711-99');
  assert.deepEqual(
    plan.racks.map(({ rackId, bridge, address }) => [rackId, bridge, address]),
    [
      [0, 'nw4711r0', '10.78.0.1'],
      [1, 'nw4711r1', '10.78.1.1'],
    ],
  );
  assert.deepEqual(
    serversOf(plan).map(({ name, address }) => [name, address]),
    [
      ['nw4711r0s0', '10.78.0.2'],
      ['nw4711r0s1', '10.78.0.3'],
      ['nw4711r0s2', '10.78.0.4'],
      ['nw4711r1s0', '10.78.1.2'],
      ['nw4711r1s1', '10.78.1.3'],
      ['nw4711r1s2', '10.78.1.4'],
    ],
  );
});

test('every name of the largest labs is one that the kernel takes, and every address is one of its rack', () => {
  for (const [racks, servers_per_rack] of [
    [1, 250],
    [10, 25],
    [64, 3],
  ] as const) {
    const plan = planNetns({ ...CLAIM, pid: LONGEST_PID, racks, servers_per_rack });
    const names = plan.racks.flatMap(({ bridge, servers }) => [bridge, ...servers.map(({ name }) => name)]);
    assert.equal(new Set(names).size, racks * (servers_per_rack + 1));
    for (const name of names) assert.ok(name.length <= MAX_NAME_LENGTH, name);
    for (const { rackId, address } of serversOf(plan)) {
      const [, last = ''] = new RegExp(`^10\\.78\\.${rackId}\\.(\\d+)$`).exec(address) ?? assert.fail(address);
      assert.ok(Number(last) >= 2 && Number(last) <= 254, address);
    }
  }
});

test('bridges are made first, and each cable is plugged in where it belongs', () => {
  const lines = hostLines(planNetns({ ...CLAIM, racks: 1, servers_per_rack: 1 }));
  assert.deepEqual(lines, [
    'link add name nw4711r0 type bridge',
    'link set dev nw4711r0 alias netwatch-lab-4711-99',
    'address add 10.78.0.1/24 dev nw4711r0',
    'link set dev nw4711r0 up',
    'netns add nw4711r0s0',
    'link add name nw4711r0s0 type veth peer name eth0 netns nw4711r0s0',
    'link set dev nw4711r0s0 alias netwatch-lab-4711-99',
    'link set dev nw4711r0s0 master nw4711r0 up',
  ]);
  const [server] = serversOf(planNetns(CLAIM));
  assert.ok(server);
  assert.deepEqual(serverLines(server), [
    'link set dev lo up',
    'address add 10.78.0.2/24 dev eth0',
    'link set dev eth0 up',
  ]);
});

test('a network is taken when a route has an address in common with one of its racks, and only then', () => {
  const on = (destination: string) => [{ destination, device: 'tun0' }];
  assert.equal(networkConflict('10.78', 2, []), null);
  assert.equal(networkConflict('10.78', 2, on('10.78.2.0/24')), null, 'rack 2 is not there');
  assert.equal(networkConflict('10.78', 2, on('10.77.255.255')), null);
  for (const destination of ['10.78.1.0/24', '10.78.1.17', '10.0.0.0/8', '10.78.0.128/25']) {
    assert.deepEqual(networkConflict('10.78', 2, on(destination)), { destination, device: 'tun0' });
  }
  assert.equal(networkConflict('198.18', 2, on('10.0.0.0/8')), null, 'a way out where all of 10.x is routed');
});

test('default routes, also in halves as VPNs set them, are no reason', () => {
  const routes = [
    { dst: 'default', gateway: '192.0.2.1', dev: 'eth0', flags: [] },
    { dst: '0.0.0.0/1', dev: 'tun0' },
    { dst: '10.78.0.0/24', dev: 'nw1r0' },
    { type: 'blackhole', dst: '10.79.0.0/16' },
    { dst: 'fe80::/64', dev: 'eth0' },
    null,
  ];
  assert.deepEqual(parseRoutes(JSON.stringify(routes)), [
    { destination: '10.78.0.0/24', device: 'nw1r0' },
    { destination: '10.79.0.0/16', device: null },
  ]);
  assert.throws(() => parseRoutes('{}'), /did not list the routes/);
});

test('where no network is free, each that was tried is named with what stands in its way', () => {
  const taken = [
    { network: '10.78', used: { destination: '10.0.0.0/8', device: 'tun0' } },
    { network: '198.18', used: null },
  ];
  assert.equal(
    noNetworkText(taken),
    'all addresses a lab would take are in use: 10.78.x.x (10.0.0.0/8 on tun0), ' +
      '198.18.x.x (claimed by another lab). End another lab, or remove a route that is not needed.',
  );
  assert.equal(NETWORKS[0], '10.78');
});

test('a process that may not make namespaces is told which capabilities it lacks', async () => {
  assert.deepEqual(missingCapabilities('Name:\tnode\nCapEff:\t000001ffffffffff\n'), []);
  assert.deepEqual(missingCapabilities('CapEff:\t0000000000001000\n'), ['CAP_SYS_ADMIN']);
  assert.deepEqual(missingCapabilities('CapEff:\t0000000000000000\n'), ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']);
  assert.deepEqual(missingCapabilities(''), ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']);
  await assert.rejects(requireNetns('darwin'), {
    name: 'IsolationError',
    message:
      'the lab was not started, it cannot be isolated (--isolation netns): network namespaces are a part of Linux, ' +
      'and this is darwin; leave the flag away',
  });
});

test('a kernel without a kind of device is told from what else may go wrong', () => {
  const said = 'Error: Unknown device type. (ip link add name nw1r0 type bridge)';
  assert.match(buildProblem(said), /^this kernel has no bridge devices: load them with modprobe bridge/);
  assert.match(buildProblem('Error: Unknown device type. (ip link add name x type veth peer)'), /modprobe veth/);
  assert.equal(buildProblem('RTNETLINK answers: File exists'), 'RTNETLINK answers: File exists');
});

test('devices are read with their alias', () => {
  const json = '[{"ifname":"lo"},{"ifname":"nw1r0","ifalias":"netwatch-lab-1-2"},{"mtu":1},7]';
  assert.deepEqual(parseLinks(json), [
    { name: 'lo', alias: null },
    { name: 'nw1r0', alias: 'netwatch-lab-1-2' },
  ]);
});

test('a claim is read as it was written, and anything else is none', () => {
  assert.deepEqual(parseNetnsClaim(JSON.stringify(CLAIM)), CLAIM);
  for (const text of ['', '{', '[]', '{"version":1}', JSON.stringify({ ...CLAIM, network: '10.78; rm' })]) {
    assert.equal(parseNetnsClaim(text), null, text);
  }
});
