import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOLDER_EXIT } from '../../src/chaos/holder/holder-lines.ts';
import { GuestLink, SPARED_PORT, run } from '../support/guest-link.ts';
import { heldInjection, unevenDelay } from '../support/held-injections.ts';
import { delayOf, impairmentOf, lossOf } from '../support/injections.ts';
import { waitUntil } from '../support/wait-until.ts';

// The holder's script with the kernel's own netem. Times are judged by the fastest of many echoes, which is as slow as
// the injection makes it and hardly slower on any machine.

const fastest = (tripsMs: readonly (number | null)[]) => Math.min(...tripsMs.map((trip) => trip ?? Infinity));
const lost = (tripsMs: readonly (number | null)[]) => tripsMs.filter((trip) => trip === null).length;

/** The fastest echo takes so long: what is injected, and what a slow machine adds at most. */
function assertFastest(tripsMs: readonly (number | null)[], expectedMs: number): void {
  const fastestMs = fastest(tripsMs);
  assert.ok(
    fastestMs >= expectedMs - 1 && fastestMs < expectedMs + 90,
    `fastest ${fastestMs} ms, not ${expectedMs} ms`,
  );
}

test('delays what a server sends, and TERM undoes it at once', async (context) => {
  const link = await GuestLink.start(context);
  const before = link.state();
  assertFastest(await link.echoes(20), 0);
  const holder = link.hold(heldInjection(delayOf(0.2)));
  await holder.said('ready');
  assertFastest(await link.echoes(20), 200);
  assert.match(link.inside('tc qdisc show dev eth0'), /^qdisc netem 4e57: root .*delay 200ms/);
  assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone, holder.told);
  assert.deepEqual(holder.lines.at(-1), { kind: 'undone' });
  assert.deepEqual(holder.strays, []);
  assert.equal(link.state(), before);
  assertFastest(await link.echoes(20), 0);
});

test('loses a fifth of what a server sends', async (context) => {
  const link = await GuestLink.start(context);
  const holder = link.hold(heldInjection(lossOf(0.2)));
  await holder.said('ready');
  const count = 500;
  const ratio = lost(await link.echoes(count, { gapMs: 1 })) / count;
  // Five standard deviations to either side.
  assert.ok(Math.abs(ratio - 0.2) < 0.09, `lost ${ratio}`);
});

for (const direction of ['egress', 'ingress', 'both'] as const) {
  test(`${direction}: what is spared is not touched, and of the rest everything is`, async (context) => {
    const link = await GuestLink.start(context);
    const before = link.state();
    const holder = link.hold(heldInjection(lossOf(1), { direction, sparePorts: [22, SPARED_PORT] }));
    await holder.said('ready');
    // A neighbour that cannot be asked for its address could not be reached on a spared port either.
    run('ip neigh flush dev rack0');
    link.inside('ip neigh flush dev eth0');
    const [spared, others] = await Promise.all([link.echoes(20, { port: SPARED_PORT }), link.echoes(20)]);
    assert.equal(lost(spared), 0);
    assert.equal(lost(others), 20);
    assert.equal(await holder.end('SIGINT'), HOLDER_EXIT.undone, holder.told);
    assert.equal(link.state(), before);
    assert.equal(lost(await link.echoes(20)), 0);
  });
}

test('delays what a server receives, and both ways twice', async (context) => {
  const link = await GuestLink.start(context);
  const before = link.state();
  for (const [direction, expectedMs] of [
    ['ingress', 100],
    ['both', 200],
  ] as const) {
    const holder = link.hold(heldInjection(delayOf(0.1), { direction }));
    /* oxlint-disable no-await-in-loop -- one after the other */
    await holder.said('ready');
    assertFastest(await link.echoes(20), expectedMs);
    assert.equal(await holder.end('SIGHUP'), HOLDER_EXIT.undone, holder.told);
    assertFastest(await link.echoes(20), 0);
    /* oxlint-enable no-await-in-loop */
    assert.equal(link.state(), before);
  }
});

test('phases come and go and begin anew, and what waits keeps its time', async (context) => {
  const link = await GuestLink.start(context);
  const phases = [
    {
      seconds: 0.4,
      impairment: unevenDelay({ seconds: 0.3, correlation: 0.25, jitterSeconds: 0.001, distribution: 'normal' }),
    },
    { seconds: 0.4, impairment: null },
  ];
  const holder = link.hold(heldInjection(delayOf(0.3), { phases, repeats: true }));
  await holder.said('ready');
  const trips = await link.echoes(300, { gapMs: 10 });
  assert.equal(lost(trips), 0);
  const kinds = trips.map((trip) => ((trip ?? 0) > 250 ? 'slow' : 'fast'));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  assert.ok(changes >= 4, kinds.join(' '));
  assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone, holder.told);
});

test('of a phase nothing is left in the next one, and the last lasts', async (context) => {
  const link = await GuestLink.start(context);
  const phases = [
    { seconds: 0.2, impairment: impairmentOf({ corruptRatio: 0.5, rateBitsPerSecond: 1e6 }) },
    {
      seconds: 0.2,
      impairment: unevenDelay({ seconds: 0.05, jitterSeconds: 0.01, distribution: 'pareto', correlation: 0.5 }),
    },
    { seconds: 0.2, impairment: impairmentOf({ rateBitsPerSecond: 2e6 }) },
    { seconds: 0.2, impairment: delayOf(0.05, 0.01) },
    { seconds: 0.2, impairment: impairmentOf({ limitPackets: 77, duplicateRatio: 0.25 }) },
  ];
  for (const sparePorts of [[], [SPARED_PORT]]) {
    const holder = link.hold(heldInjection(delayOf(1), { phases, sparePorts }));
    /* oxlint-disable no-await-in-loop -- one after the other */
    await waitUntil('the last phase is there', () => {
      assert.equal(holder.child.exitCode, null, holder.told);
      return /limit 77/.test(link.inside('tc qdisc show dev eth0'));
    });
    const shown = link
      .inside('tc qdisc show dev eth0')
      .split('\n')
      .find((line) => line.includes('netem'));
    assert.match(shown ?? '', /limit 77 (?:delay 0us )?duplicate 25%\s*$/);
    assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone, holder.told);
    /* oxlint-enable no-await-in-loop */
  }
});

test('the deadline is in the holder', async (context) => {
  const link = await GuestLink.start(context);
  const before = link.state();
  const holder = link.hold(heldInjection(delayOf(0.1), { durationSeconds: 0.5, direction: 'both' }));
  assert.equal(await holder.ended(), HOLDER_EXIT.undone, holder.told);
  assert.deepEqual(holder.lines, [{ kind: 'ready' }, { kind: 'undone' }]);
  assert.equal(link.state(), before);
});

test('an undo loses nothing of what still waits', async (context) => {
  const link = await GuestLink.start(context);
  // Otherwise only a neighbour's answer would wait in the qdisc, and the echoes for that.
  assert.equal(lost(await link.echoes(1)), 0);
  // Nearly as long as an undo waits, so that what it did not wait for would be lost on a slow machine too.
  const holder = link.hold(heldInjection(delayOf(1.9)));
  await holder.said('ready');
  const onSent = async () => {
    await waitUntil('echoes wait in the qdisc', () =>
      /backlog \d\S* \d\d/.test(link.inside('tc -s qdisc show dev eth0')),
    );
    holder.child.kill('SIGTERM');
  };
  const trips = await link.echoes(40, { gapMs: 1, onSent });
  assert.equal(await holder.ended(), HOLDER_EXIT.undone, holder.told);
  assert.equal(lost(trips), 0);
});

for (const [what, commands] of Object.entries({
  'a netem by hand': ['tc qdisc add dev eth0 root handle 1: netem delay 5ms'],
  'bandwidth shaping': [
    'tc qdisc add dev eth0 root handle 1: htb default 1',
    'tc class add dev eth0 parent 1: classid 1:1 htb rate 1mbit',
  ],
  'bandwidth shaping with our handle': [
    'tc qdisc add dev eth0 root handle 4e57: htb default 1',
    'tc class add dev eth0 parent 4e57: classid 4e57:1 htb rate 1mbit',
  ],
  'an ingress filter': [
    'tc qdisc add dev eth0 handle ffff: ingress',
    'tc filter add dev eth0 parent ffff: protocol ip pref 7 u32 match u32 0 0 classid 1:1',
  ],
  clsact: ['tc qdisc add dev eth0 clsact'],
})) {
  test(`${what} is refused and not touched, by a sweep neither`, async (context) => {
    const link = await GuestLink.start(context);
    for (const command of commands) link.inside(command);
    const before = link.state();
    const holder = link.hold(heldInjection(delayOf(0.1), { direction: 'both' }));
    assert.equal(await holder.ended(), HOLDER_EXIT.refused);
    assert.equal(holder.lines[0]?.kind, 'refused');
    assert.equal(holder.lines.length, 1, holder.told);
    assert.equal(await link.sweep().ended(), HOLDER_EXIT.undone);
    assert.equal(link.state(), before);
  });
}

test('what somebody adds to our qdisc meanwhile stays', async (context) => {
  const link = await GuestLink.start(context);
  const holder = link.hold(heldInjection(delayOf(0.1), { direction: 'ingress' }));
  await holder.said('ready');
  link.inside('tc filter add dev eth0 parent ffff: protocol ip pref 7 u32 match u32 0 0 classid 1:1');
  assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone, holder.told);
  const filters = link.inside('tc filter show dev eth0 parent ffff:');
  assert.match(filters, /pref 7 /);
  assert.doesNotMatch(filters, /pref 20055/);
});

test('a holder that takes the place of somebody else is told so, and leaves theirs', async (context) => {
  const link = await GuestLink.start(context);
  const phases = [1, 2].map((each) => ({ seconds: 0.3, impairment: delayOf(each / 100) }));
  const holder = link.hold(heldInjection(delayOf(0.1), { phases, repeats: true }));
  await holder.said('ready');
  link.inside('tc qdisc replace dev eth0 root handle 5: netem delay 3ms');
  assert.equal(await holder.ended(), HOLDER_EXIT.notApplied);
  assert.match(JSON.stringify(holder.lines), /somebody else has removed or replaced our qdisc; netem 5: is there now/);
  assert.match(link.inside('tc qdisc show dev eth0'), /^qdisc netem 5: root/);
});

for (const sparePorts of [[], [SPARED_PORT]]) {
  test(`after SIGKILL a sweep, or the next holder, takes it away; spared: ${sparePorts.length}`, async (context) => {
    const link = await GuestLink.start(context);
    const before = link.state();
    const injection = heldInjection(delayOf(0.1), { direction: 'both', sparePorts });
    const killed = link.hold(injection);
    await killed.said('ready');
    await killed.end('SIGKILL');
    assert.match(link.state(), /4e57/);
    const sweep = link.sweep();
    assert.equal(await sweep.ended(), HOLDER_EXIT.undone, sweep.told);
    assert.deepEqual([sweep.lines, sweep.strays], [[{ kind: 'undone' }], []]);
    assert.equal(link.state(), before);

    const again = link.hold(injection);
    await again.said('ready');
    await again.end('SIGKILL');
    const next = link.hold(heldInjection(impairmentOf({ rateBitsPerSecond: 1e6 })));
    await next.said('ready');
    assert.match(link.inside('tc qdisc show dev eth0'), /^qdisc tbf 4e57: root/);
    assert.equal(await next.end('SIGTERM'), HOLDER_EXIT.undone, next.told);
    assert.equal(link.state(), before);
  });
}

test('a device that vanishes is gone, and no failure', async (context) => {
  const link = await GuestLink.start(context);
  const holder = link.hold(heldInjection(delayOf(0.1), { direction: 'both' }));
  await holder.said('ready');
  run('ip link del rack0');
  assert.equal(await holder.ended(), HOLDER_EXIT.undone, holder.told);
  assert.deepEqual(holder.lines.slice(1), [{ kind: 'gone', device: 'eth0' }, { kind: 'undone' }]);
  assert.doesNotMatch(link.inside('ip link show'), /nwifb/);
});

test('a seed that would drive nothing is an error', async (context) => {
  const link = await GuestLink.start(context);
  const before = link.state();
  const holder = link.hold(heldInjection(lossOf(0.2), { seed: 42 }));
  assert.equal(await holder.ended(), HOLDER_EXIT.notApplied);
  assert.match(
    JSON.stringify(holder.lines),
    /(?:this tc cannot|this kernel \S+ does not) seed netem.*leave --seed out/,
  );
  assert.equal(link.state(), before);
});

test('without sch_netem it says so, and a rate alone works', async (context) => {
  const link = await GuestLink.start(context);
  run('rmmod sch_netem');
  context.after(() => run('modprobe -d /run/mods sch_netem'));
  const holder = link.hold(heldInjection(delayOf(0.1), { direction: 'both' }));
  assert.equal(await holder.ended(), HOLDER_EXIT.notApplied);
  assert.match(JSON.stringify(holder.lines), /the kernel \(.*\) has no sch_netem: .*modprobe sch_netem/);
  const phases = [impairmentOf({ rateBitsPerSecond: 8e5 }), null].map((each) => ({ seconds: 0.3, impairment: each }));
  const rate = link.hold(heldInjection(delayOf(1), { phases, repeats: true, direction: 'both' }));
  await rate.said('ready');
  assert.equal(lost(await link.echoes(100, { gapMs: 10 })), 0);
  assert.equal(await rate.end('SIGTERM'), HOLDER_EXIT.undone, rate.told);
});
