import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { holderCommands } from '../../src/chaos/holder/holder-commands.ts';
import { parseHolderLine } from '../../src/chaos/holder/holder-lines.ts';
import { holderScript, sweepScript } from '../../src/chaos/holder/holder-script.ts';
import { ChaosError } from '../../src/chaos/target.ts';
import type { Impairment } from '../../src/netem/impairment.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { heldInjection, unevenDelay } from '../support/held-injections.ts';
import { delayOf, impairmentOf, lossOf } from '../support/injections.ts';

const SERVER = { rackId: 1, serverId: 2 };
const IDLE = 'netem limit 1000000 delay 0ms 0ms 0% corrupt 0% rate 0bit';

function commands(what: Impairment, said: Partial<Injection> = {}, devices: string[] | null = ['eth0']) {
  return holderCommands({ injection: heldInjection(what, said), server: SERVER, devices });
}

test('what a server sends: a qdisc of our handle, and its end', () => {
  assert.deepEqual(commands(delayOf(0.2, 0.02), { durationSeconds: 60 }, null), [
    '# for each network device that is up, but lo; eth0 stands for it',
    '# refused where a qdisc of somebody else is',
    'tc qdisc replace dev eth0 root handle 4e57: netem delay 200ms 20ms',
    '# after 60 s, or when it is cleared:',
    `tc qdisc change dev eth0 root handle 4e57: ${IDLE}`,
    '# until no packet waits, at most 0.28 s',
    'tc qdisc del dev eth0 root handle 4e57:',
  ]);
});

test('what a server receives: an ifb of ours, redirected to when the impairment is there', () => {
  assert.deepEqual(commands(lossOf(0.2), { direction: 'ingress' }).slice(1), [
    'ip link add nwifb0 type ifb',
    'ip link set dev nwifb0 alias netwatch:eth0',
    'ip link set dev nwifb0 up',
    'tc qdisc replace dev nwifb0 root handle 4e57: netem loss 20%',
    'tc qdisc replace dev eth0 handle ffff: ingress',
    'tc filter add dev eth0 parent ffff: protocol all pref 20055 u32 match u32 0 0 action mirred egress redirect dev nwifb0',
    '# when it is cleared:',
    `tc qdisc change dev nwifb0 root handle 4e57: ${IDLE}`,
    'tc filter del dev eth0 parent ffff: protocol all pref 20055',
    'tc qdisc del dev eth0 handle ffff: ingress',
    'ip link del dev nwifb0',
  ]);
});

test('a spared port has a band of its own, with the neighbours that are asked for', () => {
  const lines = commands(lossOf(1), { sparePorts: [9990] });
  const filters = lines.filter((line) => line.startsWith('tc filter'));
  assert.equal(
    lines[1],
    'tc qdisc replace dev eth0 root handle 4e57: prio bands 2 priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
  );
  assert.equal(filters.length, 11);
  assert.equal(
    filters[0],
    'tc filter add dev eth0 parent 4e57: protocol ip pref 1 u32 match ip ihl 5 0xf match u16 0 0x1fff at 6 ' +
      'match ip protocol 6 0xff match ip sport 9990 0xffff flowid 4e57:1',
  );
  assert.equal(
    filters[7],
    'tc filter add dev eth0 parent 4e57: protocol ipv6 pref 2 u32 ' +
      'match ip6 protocol 17 0xff match ip6 dport 9990 0xffff flowid 4e57:1',
  );
  assert.equal(filters[10], 'tc filter add dev eth0 parent 4e57: protocol arp pref 3 u32 match u32 0 0 flowid 4e57:1');
  assert.equal(lines[13], 'tc qdisc replace dev eth0 parent 4e57:2 handle 4e58: netem loss 100%');
  assert.equal(lines.at(-1), 'tc qdisc del dev eth0 root handle 4e57:');
});

test('a phase names what the one before it has set, and a table of delays goes with its qdisc', () => {
  const phases = [
    { seconds: 0.5, impairment: impairmentOf({ corruptRatio: 0.01, rateBitsPerSecond: 1e6 }) },
    {
      seconds: 1.5,
      impairment: unevenDelay({ seconds: 1, jitterSeconds: 0.1, distribution: 'pareto', correlation: 0.5 }),
    },
    { seconds: 1, impairment: delayOf(1, 0.1) },
    { seconds: 2, impairment: null },
  ];
  const resets = 'delay 0ms 0ms 0% corrupt 0% rate 0bit';
  const root = 'dev eth0 root handle 4e57:';
  assert.deepEqual(commands(lossOf(1), { phases, repeats: true }).slice(1, 11), [
    `tc qdisc replace ${root} netem ${resets} corrupt 1% rate 1mbit`,
    'sleep 0.5',
    `tc qdisc change ${root} netem ${resets} delay 1s 100ms 50% distribution pareto`,
    'sleep 1.5',
    `tc qdisc del ${root}`,
    `tc qdisc add ${root} netem ${resets} delay 1s 100ms`,
    'sleep 1',
    `tc qdisc change ${root} ${IDLE}`,
    'sleep 2',
    '# and again from the first phase',
  ]);
});

test('rates alone need no netem, not even for a pause; beside anything else they are netem’s', () => {
  const rate = impairmentOf({ rateBitsPerSecond: 1e6 });
  const kinds = (...impairments: (Impairment | null)[]) => {
    const phases = impairments.map((impairment) => ({ seconds: 1, impairment }));
    return commands(rate, { phases }).flatMap((line) => /4e57: (netem|tbf)/.exec(line)?.[1] ?? []);
  };
  assert.deepEqual(kinds(rate, null, rate), ['tbf', 'tbf', 'tbf', 'tbf']);
  assert.deepEqual(kinds(rate, delayOf(1)), ['netem', 'netem', 'netem']);
});

test('a seed differs for each server and direction, and is the same each time', () => {
  const seedsOf = (server: { rackId: number; serverId: number }) => {
    const injection = heldInjection(lossOf(0.2), { seed: 42, direction: 'both' });
    const lines = holderCommands({ injection, server, devices: ['eth0'] });
    return lines.flatMap((line) => /seed (\d+)/.exec(line)?.[1] ?? []);
  };
  const seeds = [...seedsOf({ rackId: 0, serverId: 1 }), ...seedsOf({ rackId: 1, serverId: 0 })];
  assert.equal(new Set(seeds).size, 4);
  assert.deepEqual(seedsOf({ rackId: 0, serverId: 1 }), seeds.slice(0, 2));
});

test('each script is one that a POSIX shell can read', () => {
  const injections = [
    heldInjection(delayOf(0.1)),
    heldInjection(lossOf(1), { direction: 'both', sparePorts: [1, 65_535], seed: 7, durationSeconds: 0.5 }),
  ];
  const scripts = [
    sweepScript({ devices: null }),
    ...injections.map((injection) => holderScript({ injection, server: SERVER, devices: ['eth0', 'br-1.5'] })),
  ];
  for (const input of scripts) {
    const { status, stderr } = spawnSync('sh', ['-n'], { input, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  }
});

test('nothing that a shell would take for more than a name gets into a script', () => {
  const injection = heldInjection(delayOf(0.1));
  for (const device of ["e'; reboot; '", '$(reboot)', '`reboot`', 'a b', '-h', '', 'a/b', 'sixteen-letters0', 'e\n']) {
    const said = { injection, server: SERVER, devices: [device] };
    assert.throws(() => holderScript(said), ChaosError);
    assert.throws(() => holderCommands(said), ChaosError);
    assert.throws(() => sweepScript(said), ChaosError);
  }
  for (const namespace of ["n'; reboot; '", '$(reboot)', 'a b', '-h', '', 'a/b']) {
    assert.throws(() => sweepScript({ devices: ['eth0'], namespace }), ChaosError);
  }
});

test('more phases than one argument of a process can hold are refused in words', () => {
  const phases = Array.from({ length: 4096 }, (_, index) => ({
    seconds: 1,
    impairment: delayOf(index / 1e4, index / 2e4),
  }));
  const injection = heldInjection(delayOf(0.1), { phases });
  assert.throws(
    () => holderScript({ injection, server: SERVER, devices: null }),
    /4096 phases do not fit .*longer steps/,
  );
});

test('reads what a holder says, and nothing else', () => {
  assert.deepEqual(parseHolderLine('netwatch: ready\r'), { kind: 'ready' });
  assert.deepEqual(parseHolderLine('netwatch: undone'), { kind: 'undone' });
  assert.deepEqual(parseHolderLine('netwatch: gone eth0'), { kind: 'gone', device: 'eth0' });
  assert.deepEqual(parseHolderLine('netwatch: problem no tc here'), { kind: 'problem', text: 'no tc here' });
  const refused = { kind: 'refused', device: 'eth0', qdisc: 'htb 1:', looksLike: 'bandwidth shaping' };
  assert.deepEqual(parseHolderLine('netwatch: refused eth0 htb 1: bandwidth shaping'), refused);
  for (const line of [
    '',
    'ready',
    'netwatch: ready now',
    'netwatch: gone',
    'netwatch: problem',
    'netwatch: refused eth0',
    'netwatch: else',
  ]) {
    assert.equal(parseHolderLine(line), null, line);
  }
});
