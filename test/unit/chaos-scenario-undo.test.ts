import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoryStage } from '../support/story-stage.ts';

const LOSE = 'on: { racks: 0 }, inject: { loss: 5 }, for: 10s';

test('what cannot be undone fails the run and is told, whatever else was seen', async () => {
  const stage = new StoryStage();
  stage.target.clearProblems = { '0.1': 'the container is stuck' };
  const report = await stage.run([`{ ${LOSE}, expect: { status: critical, within: 5s } }`, '{ wait: 60s }']);
  assert.equal(report.passed, false);
  assert.equal(report.undone, false);
  assert.equal(report.expectations[0]?.passed, true);
  assert.equal(report.injections[0]?.end, 'not-undone');
  assert.equal(report.injections[0]?.ended_at, null);
  assert.match(
    report.problems.join('\n'),
    /NOT UNDONE, the network may still be broken:\n {2}rack 0 server 1 \(fake 0\.1\): the container is stuck/,
  );
  assert.deepEqual(stage.announced.at(-1), {
    id: stage.target.injections[0]?.id,
    ended_at: 1_800_000_010,
    reason: 'failed',
  });
  assert.ok(!stage.lines.some((line) => line.includes('wait')), 'the story went on');
});

test('what could not be undone is tried again in the end, each by itself', async () => {
  const stage = new StoryStage();
  stage.target.clearProblems = { '0.0': 'it is stuck' };
  stage.interruptAt(4);
  const report = await stage.run([
    '{ parallel: [{ on: { racks: 0 }, inject: { loss: 5 }, for: 9s }, { on: { racks: 1 }, inject: { loss: 5 }, for: 9s }] }',
  ]);
  assert.deepEqual(
    report.injections.map(({ scope, end }) => [scope, end]).toSorted((a, b) => String(a).localeCompare(String(b))),
    [
      ['rack 0', 'not-undone'],
      ['rack 1', 'undone'],
    ],
  );
  assert.ok(!report.passed && !report.undone);
  // Once at its end, and once more when the run ends; what is undone is left alone then.
  assert.equal(stage.target.calls.filter((call) => call === 'clear 0.0').length, 2);
  assert.equal(stage.target.calls.filter((call) => call === 'clear 1.0').length, 1);
});

test('an undo that is only slow to succeed is no failure of what is left, but of the step', async () => {
  const stage = new StoryStage();
  stage.target.clearProblems = { '0.0': 'it is stuck' };
  const clear = stage.target.clear.bind(stage.target);
  stage.target.clear = async (...args) => {
    const outcomes = await clear(...args);
    stage.target.clearProblems = {};
    return outcomes;
  };
  const report = await stage.run([`{ ${LOSE} }`]);
  assert.equal(report.passed, false);
  assert.equal(report.undone, true);
});

test('a target that says nothing in the end leaves a doubt, and a doubt fails the run', async () => {
  const stage = new StoryStage();
  const status = stage.target.status.bind(stage.target);
  stage.target.status = async () => {
    if (stage.clock.seconds >= 12) throw new Error('no daemon');
    return status();
  };
  const report = await stage.run([`{ ${LOSE} }`, '{ wait: 5s }']);
  assert.deepEqual(report.problems, ['it is not known whether everything is undone: no daemon']);
  assert.ok(!report.passed && !report.undone);
});

test('what is still there although it was said to be undone is found', async () => {
  const stage = new StoryStage();
  const status = stage.target.status.bind(stage.target);
  stage.target.status = async () => {
    const [injection] = stage.target.injections;
    const [server] = await stage.target.list();
    if (stage.clock.seconds < 12 || injection === undefined || server === undefined) return status();
    return [{ id: injection.id, server, description: '', untilSeconds: null, state: 'leftover', problem: null }];
  };
  const report = await stage.run([`{ ${LOSE} }`, '{ wait: 5s }']);
  assert.deepEqual(report.problems, ['NOT UNDONE, the network may still be broken on 1 server: rack 0 server 0']);
  assert.equal(report.undone, false);
});
