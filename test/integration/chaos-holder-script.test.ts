import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, describe, test } from 'node:test';
import { HOLDER_EXIT } from '../../src/chaos/holder/holder-lines.ts';
import { holderScript, sweepScript } from '../../src/chaos/holder/holder-script.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { FakeTrafficControl } from '../support/fake-traffic-control.ts';
import { heldInjection } from '../support/held-injections.ts';
import { delayOf, impairmentOf, lossOf } from '../support/injections.ts';
import { RunningHolder } from '../support/running-holder.ts';
import { waitUntil } from '../support/wait-until.ts';

// The scripts in real shells, with tc and ip that only pretend.

const SHELLS = [['sh'], ['dash'], ['busybox', 'ash']].filter(
  ([program = '', ...args]) => spawnSync(program, [...args, '-c', ':']).status === 0,
);
const SERVER = { rackId: 0, serverId: 3 };
const skip = process.platform === 'linux' ? false : 'there is no /proc/uptime here';

for (const shell of SHELLS) {
  describe(`in ${shell.join(' ')}`, { skip }, () => {
    /** An ash may take its own ip before one on PATH; a function comes before both. */
    function start(fake: FakeTrafficControl, script: string, context: TestContext): RunningHolder {
      const functions = ['ip', 'tc'].map((name) => `${name}() { "${fake.folderOfPrograms}/${name}" "$@"; }`);
      const holder = new RunningHolder([...shell, '-c'], [...functions, script].join('\n'), fake.environment);
      context.after(() => holder.end('SIGKILL'));
      return holder;
    }

    function begin(context: TestContext, injection: Injection, set: (fake: FakeTrafficControl) => void = () => {}) {
      const fake = new FakeTrafficControl(context);
      set(fake);
      return { fake, holder: start(fake, holderScript({ injection, server: SERVER, devices: null }), context) };
    }

    test('replaces, says ready, and TERM undoes it at once', async (context) => {
      const { fake, holder } = begin(context, heldInjection(delayOf(0.2)));
      await holder.said('ready');
      assert.equal(fake.root(), 'qdisc netem 4e57: root refcnt 2 delay 200ms');
      assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone);
      assert.deepEqual([holder.lines, holder.strays], [[{ kind: 'ready' }, { kind: 'undone' }], []]);
      assert.deepEqual(fake.changes, [
        'tc qdisc replace dev eth0 root handle 4e57: netem delay 200ms',
        'tc qdisc change dev eth0 root handle 4e57: netem limit 1000000 delay 0ms 0ms 0% corrupt 0% rate 0bit',
        'tc qdisc del dev eth0 root handle 4e57:',
      ]);
    });

    test('waits with the undo until nothing waits in the qdisc', async (context) => {
      const { fake, holder } = begin(context, heldInjection(delayOf(9)));
      await holder.said('ready');
      fake.wait(10);
      assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone);
      assert.equal(fake.stillWaiting, 0);
      assert.equal(fake.root(), null);
      assert.equal(fake.changes.filter((line) => line.includes(' del ')).length, 1);
    });

    test('what never leaves does not hold up the undo', async (context) => {
      const { fake, holder } = begin(context, heldInjection(delayOf(0.1)));
      await holder.said('ready');
      fake.wait(100_000);
      assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone);
      assert.equal(fake.root(), null);
    });

    test('ends by itself when its time is over', async (context) => {
      const { fake, holder } = begin(context, heldInjection(lossOf(1), { durationSeconds: 0.05, direction: 'both' }));
      assert.equal(await holder.ended(), HOLDER_EXIT.undone, holder.told);
      assert.deepEqual(holder.lines.at(-1), { kind: 'undone' });
      assert.deepEqual([fake.root(), fake.root('nwifb0')], [null, null]);
      assert.equal(fake.changes.at(-4), 'tc filter del dev eth0 parent ffff: protocol all pref 20055');
      assert.equal(fake.changes.at(-2), 'ip link del dev nwifb0');
    });

    test('a qdisc of somebody else is refused and not touched', async (context) => {
      const { fake, holder } = begin(context, heldInjection(delayOf(0.2)), (each) =>
        each.write('root.eth0', 'qdisc htb 1: root refcnt 2 r2q 10 default 0\n'),
      );
      assert.equal(await holder.ended(), HOLDER_EXIT.refused);
      const looksLike = 'bandwidth shared out by somebody else: tc, wondershaper, tcconfig';
      assert.deepEqual(holder.lines, [{ kind: 'refused', device: 'eth0', qdisc: 'htb 1:', looksLike }]);
      assert.deepEqual(fake.changes, []);
    });

    test('what became somebody else’s in the meantime is not deleted', async (context) => {
      const { fake, holder } = begin(context, heldInjection(delayOf(0.2)));
      await holder.said('ready');
      fake.write('root.eth0', 'qdisc netem 1: root refcnt 2 delay 1ms\n');
      assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone);
      assert.equal(fake.root(), 'qdisc netem 1: root refcnt 2 delay 1ms');
    });

    test('an undo that fails is an error that says how and where to do it by hand', async (context) => {
      const { fake, holder } = begin(context, heldInjection(delayOf(0.2)));
      await holder.said('ready');
      fake.fail('tc*del*', 'RTNETLINK answers: Device or resource busy');
      assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.notUndone);
      const text =
        'the qdisc 4e57: of eth0 cannot be removed: RTNETLINK answers: Device or resource busy; ' +
        'by hand, in the network namespace of that container: tc qdisc del dev eth0 root handle 4e57:';
      assert.deepEqual(holder.lines.slice(1), [{ kind: 'problem', text }]);
    });

    test('where the namespace has a name, each line can be typed as it is, and takes away only ours', async (context) => {
      const { fake, holder } = begin(context, heldInjection(delayOf(0.2), { direction: 'both' }));
      await holder.said('ready');
      await holder.end('SIGKILL');
      fake.fail('*del*', 'busy');
      const script = sweepScript({ devices: ['eth0'], namespace: 'nw7r0s3' });
      const typedLines = async () => {
        const sweep = start(fake, script, context);
        assert.equal(await sweep.ended(), HOLDER_EXIT.notUndone);
        return sweep.lines.map((line) => (line.kind === 'problem' ? line.text.replace(/^.* by hand: /, '') : line));
      };
      const inside = 'ip netns exec nw7r0s3';
      const [ifb, root] = [`${inside} ip link del dev nwifb0`, `${inside} tc qdisc del dev eth0 root handle 4e57:`];
      assert.deepEqual(await typedLines(), [`${inside} tc qdisc del dev eth0 handle ffff: ingress`, ifb, root]);
      const theirs = 'filter protocol ip pref 7 u32 chain 0\n';
      fake.write('filter.eth0', `filter protocol all pref 20055 u32 chain 0\n${theirs}`);
      const filter = `${inside} tc filter del dev eth0 parent ffff: protocol all pref 20055`;
      assert.deepEqual(await typedLines(), [filter, ifb, root]);
    });

    test('a qdisc of our handle and a kind that we never make is somebody else’s', async (context) => {
      const htb = 'qdisc htb 4e57: root refcnt 2 r2q 10 default 0';
      const { fake, holder } = begin(context, heldInjection(delayOf(0.2)), (each) =>
        each.write('root.eth0', `${htb}\n`),
      );
      assert.equal(await holder.ended(), HOLDER_EXIT.refused);
      const [line] = holder.lines;
      assert.ok(line?.kind === 'refused');
      assert.equal(line.qdisc, 'htb 4e57:');
      const sweep = start(fake, sweepScript({ devices: null }), context);
      assert.equal(await sweep.ended(), HOLDER_EXIT.undone, sweep.told);
      assert.deepEqual([fake.root(), fake.changes], [htb, []]);
    });

    for (const kind of ['netem', 'tbf', 'prio']) {
      test(`a ${kind} of our handle is ours, and is swept`, async (context) => {
        const fake = new FakeTrafficControl(context);
        fake.write('root.eth0', `qdisc ${kind} 4e57: root refcnt 2\n`);
        const sweep = start(fake, sweepScript({ devices: null }), context);
        assert.equal(await sweep.ended(), HOLDER_EXIT.undone, sweep.told);
        assert.equal(fake.root(), null);
      });
    }

    test('a device that vanished is gone, and no failure', async (context) => {
      const { fake, holder } = begin(context, heldInjection(delayOf(0.2)));
      await holder.said('ready');
      fake.remove('links/eth0');
      assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone);
      assert.deepEqual(holder.lines.slice(1), [{ kind: 'gone', device: 'eth0' }, { kind: 'undone' }]);
    });

    test('phases change in place and begin anew', async (context) => {
      const phases = [delayOf(0.1), null].map((impairment) => ({ seconds: 0.02, impairment }));
      const { fake, holder } = begin(context, heldInjection(delayOf(0.1), { phases, repeats: true }));
      const idle = 'netem limit 1000000 delay 0ms 0ms 0% corrupt 0% rate 0bit';
      await waitUntil('the second round', () => fake.changes.length >= 4);
      assert.equal(await holder.end('SIGTERM'), HOLDER_EXIT.undone);
      const [first, ...later] = fake.changes.slice(0, -2);
      assert.equal(first, 'tc qdisc replace dev eth0 root handle 4e57: netem delay 100ms');
      assert.deepEqual(
        new Set(later),
        new Set([
          `tc qdisc change dev eth0 root handle 4e57: ${idle}`,
          'tc qdisc change dev eth0 root handle 4e57: netem delay 100ms',
        ]),
      );
    });

    for (const [what, said, problem] of [
      [
        'a tc that cannot seed',
        'What is "seed"?\nUsage: ... netem',
        /this tc cannot seed netem \(iproute2 6.1.0\).*leave --seed out/,
      ],
      [
        'a kernel without netem',
        'Error: Specified qdisc kind is unknown.',
        /the kernel \(.*\) has no sch_netem: .*modprobe sch_netem.*only --rate/,
      ],
      ['no permission', 'RTNETLINK answers: Operation not permitted', /not permitted to change eth0: .*NET_ADMIN/],
    ] as const) {
      test(`${what} is a problem in words, and nothing is left`, async (context) => {
        const { fake, holder } = begin(context, heldInjection(lossOf(0.2), { seed: 42 }), (each) =>
          each.fail('tc*replace*netem*', said),
        );
        assert.equal(await holder.ended(), HOLDER_EXIT.notApplied);
        assert.match(holder.told, problem);
        assert.equal(fake.root(), null);
      });
    }

    test('a seed that the kernel ignores is a problem', async (context) => {
      const { fake, holder } = begin(context, heldInjection(lossOf(0.2), { seed: 42 }), (each) => {
        // What tc shows of a netem without the seed that it was given.
        each.write('bin/cat', '#!/bin/sh\nexec sed "s/ seed [0-9]*//" "$@"\n');
        each.executable('bin/cat');
      });
      assert.equal(await holder.ended(), HOLDER_EXIT.notApplied);
      assert.match(holder.told, /this kernel \(.*\) does not seed netem/);
      assert.equal(fake.root(), null);
    });

    test('a seed that the kernel shows is in force', async (context) => {
      const { fake, holder } = begin(context, heldInjection(lossOf(0.2), { seed: 42 }));
      await holder.said('ready');
      assert.match(fake.root() ?? '', /^qdisc netem 4e57: root refcnt 2 loss 20% seed \d+$/);
    });

    test('after SIGKILL a sweep takes away what is ours, and only that', async (context) => {
      const injection = heldInjection(impairmentOf({ rateBitsPerSecond: 1e6 }), {
        direction: 'both',
        sparePorts: [9990],
      });
      const { fake, holder } = begin(context, injection);
      await holder.said('ready');
      await holder.end('SIGKILL');
      for (const [name, kind] of Object.entries({ eth1: 'veth', nwifb7: 'ifb' }))
        fake.write(`links/${name}`, `${kind} \n`);
      fake.write('root.eth1', 'qdisc cake 1: root refcnt 2\n');
      const sweep = start(fake, sweepScript({ devices: null }), context);
      assert.equal(await sweep.ended(), HOLDER_EXIT.undone, sweep.told);
      assert.deepEqual([sweep.lines, sweep.strays], [[{ kind: 'undone' }], []]);
      assert.deepEqual(
        [fake.root(), fake.root('nwifb0'), fake.root('eth1')],
        [null, null, 'qdisc cake 1: root refcnt 2'],
      );
      assert.doesNotMatch(fake.changes.join('\n'), /del.*(?:eth1|nwifb7)/);
    });
  });
}
