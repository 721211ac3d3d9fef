import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breakThroughTarget } from '../support/detection-breaker.ts';
import { BROKEN_LINKS, type BrokenLink } from '../support/detection-links.ts';
import {
  assertMostTold,
  assertOneFault,
  assertOver,
  assertTold,
  breakAll,
  breakTogether,
  type Broken,
  settle,
  untilHeard,
  untilQuiet,
} from '../support/detection-stage.ts';
import { FaultWatch, placeOf } from '../support/detection-watch.ts';
import { qdiscsOf, startNetnsLab } from '../support/netns-lab.ts';

// What the kernel's own netem does to real packets is named like what the lab's emulation does, and half of a rack is
// one fault of the rack. The clock of this kernel stands while anything runs: however slow the machine is, the rack is
// in time.

const SERVERS = ['0/0', '0/1', '0/2', '0/3', '0/4', '0/5', '0/6', '0/7'];
const WHOLE = '0/7';
const HALF_OF_RACK = { rackId: 0, serverIds: [0, 1, 2, 3] };
/** Delays are judged after 40 s of a stream, 20 samples a second. */
const LEARNED_SAMPLES = 1000;

// These two are too slight to be told apart from a busy machine's own doing, where the clock is real.
const SLIGHT_DELAY: BrokenLink = {
  what: 'delay +1 ms',
  kind: 'delay-shift',
  inject: { delay: '1ms' },
  onsetSeconds: 1,
  parameter: ['shift_seconds', 0.001, 0.0002],
  endSeconds: 20,
};
const SLIGHT_JITTER: BrokenLink = {
  what: 'jitter 2 ms',
  kind: 'jitter',
  usual: { delay: '20ms' },
  inject: { delay: '20ms', jitter: '2ms', distribution: 'normal' },
  onsetSeconds: 2,
  parameter: ['jitter_seconds', 0.002, 0.001],
  measuredSeconds: 15,
  endSeconds: 30,
};
/** Pulsed for as long as an interval of the samples. */
const ONE_LOST: BrokenLink = {
  what: 'one lost every 3 s',
  kind: 'periodic-loss',
  inject: { loss: '100%' },
  pulse: { every: '3s', for: '50ms' },
  onsetSeconds: 8,
  parameter: ['period_seconds', 3, 0.06],
  endSeconds: 60,
};
// What is normal for a server stays so from round to round. What has to be heard for long is together, since a round is as
// long as its longest.
const ROUNDS: readonly ReadonlyMap<string, BrokenLink>[] = [
  new Map([
    ['0/0', link('20 ms for 0.3 s every 5 s')],
    ['0/1', ONE_LOST],
    ['0/2', link('loss 5 %')],
    ['0/3', link('bursts of losses')],
    ['0/4', link('jitter 5 ms')],
    ['0/5', link('reorder 5 %')],
    ['0/6', link('duplicate 5 %')],
  ]),
  new Map([
    ['0/0', link('delay +5 ms')],
    ['0/1', link('two lost every 3 s')],
    ['0/2', link('a link 8 % too narrow')],
    ['0/3', SLIGHT_DELAY],
    ['0/4', SLIGHT_JITTER],
  ]),
  new Map([
    ['0/0', link('a bit flipped in 20 %, which the checksum drops')],
    ['0/1', link('loss 50 %')],
    ['0/2', link('delay +80 ms')],
    ['0/6', link('all lost')],
  ]),
];

test("a lab in namespaces names what the kernel's netem does", async (context) => {
  const flags = ['--racks', '1', '--servers', String(SERVERS.length)];
  const { lab, target, file } = await startNetnsLab(context, flags);
  const watch = new FaultWatch(context, lab);
  const breakServers = breakThroughTarget(target, context.signal);
  /* oxlint-disable no-await-in-loop -- one round after the other */
  for (const links of ROUNDS) await settle(links, breakServers);
  await untilHeard(lab, 1, LEARNED_SAMPLES);
  await untilQuiet(watch, SERVERS);
  const learnedSeconds = Date.now() / 1000;

  const assertNamed = async (broken: readonly Broken[]) => {
    const qdiscs = qdiscsOf(file);
    for (const one of broken) {
      assert.equal(qdiscs[placeOf(one.at)[1]], 'netem 4e57:');
      await context.test(`${one.at}, ${one.what}: ${one.kind}`, async (inner) => assertTold(inner, watch, one));
    }
    assertMostTold(watch, broken);
  };
  const assertMended = async (broken: readonly Broken[]) => {
    for (const { mend } of broken) await mend();
    const mendedSeconds = Date.now() / 1000;
    for (const one of broken) {
      await context.test(`${one.at}, ${one.what}: over`, async (inner) =>
        assertOver(inner, watch, { broken: one, mendedSeconds }),
      );
    }
    await untilQuiet(watch, SERVERS);
  };

  for (const links of ROUNDS) {
    const broken = await breakAll(links, breakServers);
    await assertNamed(broken);
    await assertMended(broken);
  }
  const together = await breakTogether(HALF_OF_RACK, breakServers);
  await assertNamed(together);
  await context.test('half of a rack is one fault of the rack', () => assertOneFault(watch, HALF_OF_RACK));
  await assertMended(together);

  /* oxlint-enable no-await-in-loop */
  await context.test('the server that was whole was never accused', () => {
    assert.deepEqual(watch.unexplained(WHOLE, learnedSeconds), [], watch.storyOf(WHOLE));
    const looks = watch.looks(WHOLE).filter(({ seconds }) => seconds >= learnedSeconds);
    const late = looks.filter(({ isObserved }) => isObserved).length;
    assert.ok(late < looks.length / 4, `the rack was late itself in ${late} of ${looks.length} looks`);
  });
});

/** One of the links of the lab. */
function link(what: string): BrokenLink {
  const found = BROKEN_LINKS.find((each) => each.what === what);
  assert.ok(found, what);
  return found;
}
