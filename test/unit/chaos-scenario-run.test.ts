import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FetchHealthError } from '../../src/terminal/fetch-health.ts';
import { treeOf, WARMING } from '../support/health-trees.ts';
import { StoryStage } from '../support/story-stage.ts';

const LOSE = 'on: { racks: 0 }, inject: { loss: 5 }, for: 10s';

test('what was injected and when it was seen is said as it happens, and is in the report', async () => {
  const stage = new StoryStage();
  const report = await stage.run(
    [
      `{ name: a fault, after: 2500ms, ${LOSE}, expect: { status: critical, within: 5s } }`,
      '{ wait: 3s }',
      '{ expect: { status: healthy, within: 5s } }',
    ],
    {},
    'seed: 7',
  );
  assert.deepEqual(stage.lines, [
    '[   0.0 s] scenario "a story" on 2 servers of target lab, at least 15.5 s',
    '[   2.5 s] step 1/3 "a fault": inject loss 5 % on rack 0 for 10 s',
    '[   2.5 s] step 1/3 "a fault": expect rack 0 critical within 5 s',
    '[   3.0 s] seen: rack 0 critical after 0.5 s',
    '[  12.5 s] step 1/3 "a fault": undone',
    '[  12.5 s] step 2/3 wait 3 s',
    '[  15.5 s] step 3/3 expect rack 0 healthy within 5 s',
    '[  16.0 s] seen: rack 0 healthy after 0.5 s',
    '[  16.0 s] PASSED',
  ]);
  const { injections, expectations, began_at, ended_at, ...rest } = report;
  assert.deepEqual(rest, {
    scenario: 'a story',
    description: null,
    passed: true,
    problems: [],
    notes: [],
    target: 'lab',
    api_url: 'http://127.0.0.1:1',
    seed: 7,
    speed: 1,
    versions: { netwatch: '1.2.3', node: process.version },
    duration_seconds: 16,
    undone: true,
  });
  assert.equal(ended_at - began_at, 16);
  assert.deepEqual(injections, [
    {
      step: '1',
      name: 'a fault',
      id: stage.target.injections[0]?.id,
      scope: 'rack 0',
      servers: [{ rack_id: 0, server_ids: [0, 1] }],
      kinds: ['loss'],
      description: 'loss 5 %',
      direction: 'egress',
      seed: 7,
      planned_seconds: 10,
      began_at: began_at + 2.5,
      began_after_seconds: 2.5,
      ended_at: began_at + 12.5,
      ended_after_seconds: 12.5,
      end: 'expired',
      problem: null,
    },
  ]);
  assert.equal(expectations.length, 2);
  assert.deepEqual(expectations[0], {
    step: '1',
    name: 'a fault',
    scope: 'rack 0',
    expected: 'critical',
    at_least: 2,
    within_seconds: 5,
    hold_seconds: 0,
    began_after_seconds: 2.5,
    passed: true,
    seen_after_seconds: 0.5,
    seen: [
      { rack_id: 0, server_id: 0, seen_after_seconds: 0.5, values: { status: 'critical' } },
      { rack_id: 0, server_id: 1, seen_after_seconds: 0.5, values: { status: 'critical' } },
    ],
  });
});

test('the datacenter is told of each injection and of its end; that it was not is a note, no failure', async () => {
  const stage = new StoryStage();
  stage.untold = 'no token';
  const report = await stage.run([`{ ${LOSE} }`]);
  const [injection] = stage.target.injections;
  assert.deepEqual(stage.announced, [
    {
      id: injection?.id,
      target: 'lab',
      scope: 'rack 0',
      kinds: ['loss'],
      description: 'loss 5 %',
      servers: [{ rack_id: 0, server_ids: [0, 1] }],
      began_at: 1_800_000_000,
      until: 1_800_000_010,
    },
    { id: injection?.id, ended_at: 1_800_000_010, reason: 'expired' },
  ]);
  assert.ok(report.passed);
  assert.deepEqual(report.notes, ['the datacenter was not told: no token']);
});

test('what is never seen fails the run, which goes on to its end and undoes everything', async () => {
  const stage = new StoryStage();
  stage.fetchTree = () => treeOf({ racks: 2, servers: 2 });
  const report = await stage.run([
    `{ ${LOSE}, expect: [{ status: critical, within: 4s }, { dc_health: { max: 0.9 }, within: 4s }] }`,
    '{ expect: { status: healthy, within: 5s } }',
  ]);
  assert.equal(report.passed, false);
  assert.deepEqual(report.problems, [
    'step 1: rack 0 not seen critical within 4 s; last seen of rack 0 server 0: healthy',
    'step 1: the datacenter not seen health_score at most 0.9 within 4 s; last seen of the datacenter: healthy, health_score 1',
  ]);
  assert.deepEqual(
    report.expectations.map(({ passed, seen_after_seconds: after }) => [passed, after]),
    [
      [false, null],
      [false, null],
      [true, 1],
    ],
  );
  assert.ok(report.undone);
  assert.equal(stage.lines.at(-1), '[  11.0 s] FAILED');
});

test('a run ends at once when it does too much harm', async () => {
  const stage = new StoryStage();
  const report = await stage.run(
    [
      '{ on: all, inject: { loss: 5 }, for: 60s, expect: { status: critical, within: 60s, for: 50s } }',
      '{ wait: 60s }',
    ],
    {},
    'abort: { dc_health_below: 0.85 }',
  );
  assert.deepEqual(report.problems, ['ended early: the health of the datacenter, 0.797, is below 0.85']);
  assert.ok(report.undone && report.duration_seconds <= 2);
  assert.equal(report.injections[0]?.end, 'undone');
  assert.equal(report.expectations[0]?.passed, false);
  assert.deepEqual(stage.target.broken, []);
  assert.deepEqual(stage.announced.length, 2);
});

test('a run ends when nobody can be asked what it does, and not for a moment of silence', async () => {
  const stage = new StoryStage();
  const { fetchTree } = stage;
  const isAway = (now: number): boolean => (now > 3 && now < 10) || now > 20;
  stage.fetchTree = () => {
    if (isAway(stage.clock.seconds)) throw new FetchHealthError('no answer');
    return fetchTree();
  };
  const report = await stage.run(['{ on: { racks: 0 }, inject: { loss: 5 }, for: 60s }']);
  assert.deepEqual(report.problems, ['ended early, nobody sees what it does: for 15 s, no answer']);
  assert.ok(Math.abs(report.duration_seconds - 35) <= 1, `${report.duration_seconds}`);
  assert.deepEqual(stage.target.broken, []);
});

const PHASES: readonly (readonly [what: string, atSeconds: number, applied: boolean])[] = [
  ['in the pause before an injection', 3, false],
  ['while the fault is on', 8, true],
  ['while two faults are on', 18, true],
  ['while it waits', 27, true],
  ['while it looks', 31, true],
];

for (const [what, atSeconds, applied] of PHASES) {
  test(`Ctrl-C ${what} undoes everything`, async () => {
    const stage = new StoryStage();
    stage.interruptAt(atSeconds);
    const report = await stage.run([
      `{ after: 5s, ${LOSE} }`,
      '{ parallel: [{ on: { racks: 0 }, inject: { loss: 5 }, for: 9s }, { on: { racks: 1 }, inject: { loss: 5 }, for: 10s }] }',
      '{ wait: 4s }',
      '{ expect: { status: silent, within: 100s } }',
    ]);
    assert.deepEqual(report.problems, ['it was ended by the user before it was over']);
    assert.ok(report.undone);
    assert.ok(report.duration_seconds <= atSeconds + 1);
    assert.deepEqual(stage.target.broken, []);
    assert.equal(stage.target.injections.length > 0, applied);
  });
}

test('Ctrl-C before anything was injected leaves nothing, and gives its reason', async () => {
  const stage = new StoryStage();
  stage.fetchTree = () => treeOf({ racks: 2, servers: 2, change: () => WARMING });
  stage.interruptAt(5);
  await assert.rejects(stage.run([`{ ${LOSE} }`]), /interrupted/);
  assert.deepEqual(stage.target.calls, []);

  const late = new StoryStage();
  late.user.abort(new Error('interrupted'));
  await assert.rejects(late.run([`{ ${LOSE} }`]), /interrupted/);
  assert.deepEqual(late.target.calls, []);
});

test('what cannot be injected everywhere is injected nowhere, and ends the story', async () => {
  const stage = new StoryStage();
  stage.target.applyProblems = { '1.0': 'no such process' };
  const report = await stage.run([
    '{ parallel: [{ on: { racks: 0 }, inject: { loss: 5 }, for: 50s }, { after: 5s, on: { racks: 1 }, inject: { loss: 5 }, for: 9s }] }',
    '{ wait: 60s }',
  ]);
  assert.deepEqual(report.problems, ['step 1.2: nothing was injected:\n  rack 1 server 0 (fake 1.0): no such process']);
  assert.deepEqual(
    report.injections.map(({ step, end }) => [step, end]),
    [
      ['1.2', 'refused'],
      ['1.1', 'undone'],
    ],
  );
  assert.ok(report.undone && report.duration_seconds <= 6);
  assert.deepEqual(stage.target.broken, []);
});

test('what is gone before its time fails the run', async () => {
  const stage = new StoryStage();
  stage.onTime = (now) => now >= 5 && stage.target.forget();
  const report = await stage.run([`{ ${LOSE} }`]);
  assert.deepEqual(report.problems, [
    'step 1: what was injected on rack 0 was gone before its time: cleared from elsewhere, or its servers went away',
  ]);
  assert.equal(report.injections[0]?.end, 'gone');
});

test('what is gone before its time on one of its servers ends the run, and the rest is undone', async () => {
  const stage = new StoryStage();
  stage.onTime = (now) => now >= 5 && stage.target.forget('0.1');
  const report = await stage.run([`{ ${LOSE} }`, '{ wait: 60s }']);
  assert.deepEqual(report.problems, ['step 1: what was injected was gone before its time on rack 0 server 1']);
  assert.deepEqual([report.injections[0]?.end, report.passed, report.undone], ['undone', false, true]);
  assert.ok(report.duration_seconds < 10);
  assert.deepEqual(stage.target.broken, []);
});

test('parallel steps run at once, groups one after the other, and each injection has a seed of its own', async () => {
  const stage = new StoryStage();
  const report = await stage.run(
    [
      '{ parallel: [{ on: { racks: 0 }, inject: { loss: 5 }, for: 9s }, { on: { racks: 1 }, inject: { loss: 5 }, for: 6s }] }',
      '{ repeat: 2, steps: [{ on: { servers: 1 }, inject: { loss: 5 }, for: 3s }, { wait: 1s }] }',
    ],
    { seed: 4_294_967_295, sparePorts: [9990] },
    'seed: 1',
  );
  assert.ok(report.passed);
  assert.deepEqual(
    report.injections.map((record) => [
      record.step,
      record.scope,
      record.seed,
      record.began_after_seconds,
      record.ended_after_seconds,
    ]),
    [
      ['1.2', 'rack 1', 0, 0, 6],
      ['1.1', 'rack 0', 4_294_967_295, 0, 9],
      ['2.1, round 1', '2 servers of 2 racks', 1, 9, 12],
      ['2.1, round 2', '2 servers of 2 racks', 2, 13, 16],
    ],
  );
  assert.equal(report.seed, 4_294_967_295);
  assert.deepEqual(stage.target.injections[0]?.sparePorts, [9990]);
});

test('an error of the program is thrown, once everything is undone', async () => {
  const stage = new StoryStage();
  const { fetchTree } = stage;
  stage.fetchTree = () => {
    if (stage.clock.seconds > 5) throw new TypeError('a bug');
    return fetchTree();
  };
  await assert.rejects(stage.run([`{ ${LOSE} }`]), new TypeError('a bug'));
  assert.deepEqual(stage.target.broken, []);
  assert.ok(stage.target.calls.includes('clear 0.0'));
});
