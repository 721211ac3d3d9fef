import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { breakThroughApi } from '../support/detection-breaker.ts';
import { BROKEN_LINKS } from '../support/detection-links.ts';
import { Singer } from '../support/detection-singer.ts';
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
} from '../support/detection-stage.ts';
import { FaultWatch, placeOf, seriousFaults } from '../support/detection-watch.ts';
import { signal } from '../support/lab-nuisance.ts';
import { type RunningLab, startLab } from '../support/running-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

// The lab as a user starts it, 4 racks of 8 servers. Links of the first three racks are broken, all at the same time and
// each in another way; whole servers stand beside them. Rack 3 is late, and then half of it is broken at once.

const RACKS = 4;
/** Delays are judged after 40 s of a stream, clock drift after 90 s; and what a late rack may have taken from that. */
const LEARNED_SAMPLES = 2000;
const BROKEN_OF_A_RACK = 5;
const LINKS = new Map(
  BROKEN_LINKS.map((link, n) => [`${Math.floor(n / BROKEN_OF_A_RACK)}/${n % BROKEN_OF_A_RACK}`, link]),
);
/** The test sings for them: no injector breaks a clock, or samples that pass every checksum. Their agents are mute. */
const [DRIFTING, LYING] = ['2/3', '2/4'];
const WHOLE = ['0/5', '0/6', '0/7', '1/5', '1/6', '1/7', '2/6', '2/7', '3/4', '3/5', '3/6', '3/7'];
const DOUBLED = '2/5';
const HALF_OF_RACK = { rackId: 3, serverIds: [0, 1, 2, 3] };
const SKEW_PPM = 200;
const CORRUPT_RATIO = 0.1;
const DEADLINE_MS = 180_000;
/** Longer than anything but a restart would take: what waits meanwhile is judged when the rack goes on. */
const STOPPED_SECONDS = 1;

test('a lab names what is broken, where and since when, and nothing else', async (context) => {
  const lab = await startLab(context, ['--racks', String(RACKS)]);
  const watch = new FaultWatch(context, lab);
  const breakServers = breakThroughApi(await lab.file());
  await breakServers({ rackId: 2, serverIds: [3, 4] }, { inject: { loss: '100%' } });
  const [drifting, lying] = [singer(context, lab, DRIFTING), singer(context, lab, LYING)];
  await settle(LINKS, breakServers);
  await untilHeard(lab, RACKS, LEARNED_SAMPLES);
  const learnedSeconds = Date.now() / 1000;

  await context.test('a rack that stops for a second accuses itself and no server', async () => {
    const stoppedSeconds = Date.now() / 1000;
    await stopAWhile(lab, 'rack-3');
    const lag = () => watch.verdict('3/0')?.faults.find(({ kind }) => kind === 'observer')?.parameters.lag_seconds;
    await waitUntil('rack 3 says how late it was', () => (lag() ?? 0) > 0.9 * STOPPED_SECONDS, DEADLINE_MS);
    const accused = [...Array(8).keys()].flatMap((id) =>
      watch.looks(`3/${id}`).filter((look) => look.seconds >= stoppedSeconds && seriousFaults(look, null).length > 0),
    );
    assert.deepEqual(accused, []);
  });

  const broken = [
    ...(await breakAll(LINKS, breakServers)),
    breakClock(drifting),
    breakSamples(lying),
    ...(await breakTogether(HALF_OF_RACK, breakServers)),
  ];

  for (const one of broken) {
    // oxlint-disable-next-line no-await-in-loop -- all are broken at the same time
    await context.test(`${one.at}, ${one.what}: ${one.kind}`, async (inner) => assertTold(inner, watch, one));
  }

  await context.test('half of a rack is one fault of the rack', () => assertOneFault(watch, HALF_OF_RACK));

  await context.test('a second agent with the same identity: conflict, until it is gone', async (inner) => {
    singer(inner, lab, DOUBLED);
    await watch.untilNamed(DOUBLED, 'conflict', { seconds: learnedSeconds, deadlineMs: DEADLINE_MS });
  });

  assertMostTold(watch, broken);
  await Promise.all(broken.map(async ({ mend }) => mend()));
  const mendedSeconds = Date.now() / 1000;
  for (const one of broken) {
    // oxlint-disable-next-line no-await-in-loop -- all are mended at the same time
    await context.test(`${one.at}, ${one.what}: over`, async (inner) =>
      assertOver(inner, watch, { broken: one, mendedSeconds }),
    );
  }

  await context.test('no other server was ever accused', async () => {
    await waitUntil('the conflict is over', () => watch.looks(DOUBLED)[0]?.faults.length === 0);
    for (const at of WHOLE) assert.deepEqual(watch.unexplained(at, learnedSeconds), [], watch.storyOf(at));
  });
});

function singer(context: TestContext, lab: RunningLab, at: string): Singer {
  const [rackId, serverId] = placeOf(at);
  return new Singer(context, lab, { rackId, serverId });
}

/** Stops a role, as a hypervisor or a debugger might, and lets it go on. */
async function stopAWhile(lab: RunningLab, name: string): Promise<void> {
  const pid = lab.pid(name);
  signal(pid, 'SIGSTOP');
  try {
    await pause(STOPPED_SECONDS * 1000);
  } finally {
    signal(pid, 'SIGCONT');
  }
}

function breakClock(drifting: Singer): Broken {
  drifting.skewBy(SKEW_PPM);
  return {
    what: `a clock that gains ${SKEW_PPM} ppm`,
    kind: 'clock-drift',
    at: DRIFTING,
    beganSeconds: Date.now() / 1000,
    onsetSeconds: 10,
    // A sender's clock that gains is a receiver's that falls back.
    parameter: ['change_ppm', -SKEW_PPM, 10],
    // The rate is that of 42 s: when it is found, some of them may be of the time before.
    measuredSeconds: 50,
    // It is over once the clock is learned again, after some minutes: test/unit/core/detect/drift-ends.test.ts waits for that.
    endSeconds: null,
    mend: async () => drifting.skewBy(0),
  };
}

function breakSamples(lying: Singer): Broken {
  lying.corruptRatio = CORRUPT_RATIO;
  return {
    what: `${100 * CORRUPT_RATIO} % of the samples are wrong`,
    kind: 'corrupt',
    at: LYING,
    beganSeconds: Date.now() / 1000,
    onsetSeconds: 5,
    parameter: ['corrupt_ratio', CORRUPT_RATIO, 0.06],
    endSeconds: 60,
    mend: async () => {
      lying.corruptRatio = 0;
    },
  };
}
