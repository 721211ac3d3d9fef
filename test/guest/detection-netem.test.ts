import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault, FaultKind } from '../../src/core/verdict.ts';
import { type Break, breakThroughTarget } from '../support/detection-breaker.ts';
import { BROKEN_LINKS, type BrokenLink } from '../support/detection-links.ts';
import { assertOver, assertTold, breakAll, settle, untilHeard, untilQuiet } from '../support/detection-stage.ts';
import { FaultWatch } from '../support/detection-watch.ts';
import { qdiscsOf, startNetnsLab } from '../support/netns-lab.ts';
import { breakInPulses } from '../support/netns-pulses.ts';

// What the kernel's own netem does to real packets is named like what the lab's emulation does. This kernel has one
// core, beside other work of the machine, and its timers are good to a millisecond: what is injected is well above that,
// one of each kind, in rounds, since each server has an agent of its own here. Silence comes last: a stream that begins
// anew has its delays judged only after a while.

const WHOLE = '0/3';
const SERVERS = ['0/0', '0/1', '0/2', WHOLE];
/** Delays are judged after 40 s of a stream. */
const LEARNED_SAMPLES = 1000;

const JITTER: BrokenLink = {
  what: 'jitter 12 ms',
  kind: 'jitter',
  usual: { delay: '70ms' },
  inject: { delay: '70ms', jitter: '12ms', distribution: 'normal' },
  onsetSeconds: 5,
  parameter: ['jitter_seconds', 0.012, 0.006],
  endSeconds: 60,
};
const FLIPPED_BITS: BrokenLink = {
  ...link('a bit flipped in 20 %, which the checksum drops'),
  usual: { delay: '70ms' },
  inject: { delay: '70ms', corrupt: '20%' },
};
const ROUNDS: readonly ReadonlyMap<string, BrokenLink>[] = [
  new Map([
    ['0/0', JITTER],
    ['0/1', link('20 ms for 0.3 s every 5 s')],
    // As long as the others of this round: after a few bursts only, nobody knows for long whether more will come.
    ['0/2', link('bursts of losses')],
  ]),
  new Map([
    ['0/0', link('reorder 5 %')],
    ['0/1', link('loss 50 %')],
    ['0/2', link('a link 8 % too narrow')],
  ]),
  new Map([
    ['0/1', link('delay +80 ms')],
    ['0/2', link('duplicate 5 %')],
  ]),
  new Map([
    ['0/0', FLIPPED_BITS],
    ['0/1', link('all lost')],
    ['0/2', link('two lost every 3 s')],
  ]),
];
const DELAY_KINDS: ReadonlySet<FaultKind> = new Set(['delay-shift', 'jitter', 'periodic-delay', 'congestion']);

test("a lab in namespaces names what the kernel's netem does", async (context) => {
  const { lab, target, file } = await startNetnsLab(context, ['--racks', '1', '--servers', '4']);
  const watch = new FaultWatch(context, lab, isOfThisKernel);
  const [steadily, inPulses] = [breakThroughTarget(target, context.signal), breakInPulses(context, file)];
  const breakServers: Break = (servers, words) => (words.pulse === undefined ? steadily : inPulses)(servers, words);
  /* oxlint-disable no-await-in-loop -- this kernel has one core */
  for (const links of ROUNDS) await settle(links, breakServers);
  await untilHeard(lab, 1, LEARNED_SAMPLES);
  await untilQuiet(watch, SERVERS);
  const learnedSeconds = Date.now() / 1000;
  let toldCount = 0;

  for (const links of ROUNDS) {
    const broken = await breakAll(links, breakServers);
    assert.ok(qdiscsOf(file).filter((qdisc) => qdisc === 'netem 4e57:').length >= links.size);
    for (const one of broken) {
      await context.test(`${one.at}, ${one.what}: ${one.kind}`, async (inner) => assertTold(inner, watch, one));
    }
    toldCount += broken.filter(({ at, kind, beganSeconds }) => watch.naming(at, kind, beganSeconds).share > 0).length;
    for (const { mend } of broken) await mend();
    const mendedSeconds = Date.now() / 1000;
    for (const one of broken) {
      await context.test(`${one.at}, ${one.what}: over`, async (inner) =>
        assertOver(inner, watch, { broken: one, mendedSeconds }),
      );
    }
  }

  /* oxlint-enable no-await-in-loop */
  await context.test('the server that was whole was never accused', () => {
    assert.deepEqual(watch.unexplained(WHOLE, learnedSeconds), [], watch.storyOf(WHOLE));
    const brokenCount = ROUNDS.reduce((sum, { size }) => sum + size, 0);
    assert.ok(toldCount >= brokenCount / 2, `${toldCount} of ${brokenCount} were told, however late the rack was`);
  });
});

/** A delay of less than 10 ms: this kernel's scheduling and timers make some, and others as what runs on it changes. */
function isOfThisKernel({ kind, severity }: Fault): boolean {
  return severity === 'info' && DELAY_KINDS.has(kind);
}

/** One of the links of the lab. */
function link(what: string): BrokenLink {
  const found = BROKEN_LINKS.find((each) => each.what === what);
  assert.ok(found, what);
  return found;
}
