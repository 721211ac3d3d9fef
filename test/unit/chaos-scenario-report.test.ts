import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderReport } from '../../src/chaos/scenario/render-report.ts';
import { StoryStage } from '../support/story-stage.ts';

/** The time of day depends on the time zone. */
function textOf(lines: readonly string[]): string {
  return lines.join('\n').replace(/\d\d:\d\d:\d\d/, 'hh:mm:ss');
}

test('a report tells what was injected, what was seen and when, and what came of it', async () => {
  const stage = new StoryStage();
  const report = await stage.run(
    [
      '{ name: a fault, on: { racks: 0 }, inject: { loss: 20 }, for: 9500ms, expect: { status: critical, loss_ratio: { min: 0.1 }, within: 5s } }',
      '{ expect: [{ at_least: 1, status: healthy, for: 2s, within: 5s }, { dc_health: { min: 0.9 }, within: 5s }] }',
    ],
    { seed: 3 },
  );
  assert.equal(
    textOf(renderReport(report)),
    `a story (target lab, seed 3, hh:mm:ss, 12 s)

injected
  step 1, 0.0 to 9.5 s: loss 20 % on rack 0; its time was over

expected
  ok   step 1: rack 0 critical, loss_ratio at least 0.1 within 5 s: seen after 1 s
         rack 0 server 0: after 1 s, critical, loss_ratio 19.9 %
         rack 0 server 1: after 1 s, critical, loss_ratio 19.9 %
  ok   step 2: the datacenter health_score at least 0.9 within 5 s: seen after 0.5 s
         the datacenter: after 0.5 s, healthy, health_score 1
  ok   step 2: rack 0 (at least 1 of 2) healthy for 2 s within 5 s: seen after 2.5 s
         rack 0 server 0: after 2.5 s, healthy
         rack 0 server 1: after 2.5 s, healthy

everything is undone
PASSED`,
  );
});

test('a report of what went wrong says so, everywhere', async () => {
  const stage = new StoryStage();
  stage.untold = 'no token';
  stage.target.clearProblems = { '0.0': 'it is stuck' };
  const report = await stage.run([
    '{ on: { servers: 0 }, inject: { loss: 20 }, for: 6s, expect: { fault: jitter, within: 5s } }',
  ]);
  assert.equal(
    textOf(renderReport(report)),
    `a story (target lab, hh:mm:ss, 6 s)

injected
  step 1, 0.0 s: loss 20 % on 2 servers of 2 racks; NOT UNDONE

expected
  FAIL step 1: 2 servers of 2 racks fault jitter within 5 s: NOT SEEN
         rack 0 server 0: not seen, critical, faults loss
         rack 1 server 0: not seen, critical, faults loss

note: the datacenter was not told: no token
problem: step 1: 2 servers of 2 racks not seen fault jitter within 5 s; last seen of rack 0 server 0: critical, faults loss
problem: step 1: NOT UNDONE, the network may still be broken:
  rack 0 server 0 (fake 0.0): it is stuck
NOT EVERYTHING IS UNDONE: see netwatch chaos status
FAILED`,
  );
});
