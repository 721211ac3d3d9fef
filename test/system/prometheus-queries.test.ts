import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerSheet } from '../support/answer-sheet.ts';
import { askedExpressions } from '../support/asked-expressions.ts';
import { runChaos } from '../support/chaos-cli.ts';
import { LAB_SIZE } from '../support/expected-answers.ts';
import { RISES } from '../support/expected-dashboards.ts';
import { signal, startNuisance } from '../support/lab-nuisance.ts';
import { startLoneControllers } from '../support/lone-controllers.ts';
import { labTargets, prometheusLacks, type ScrapeTarget, startPrometheus } from '../support/prometheus-server.ts';
import { startLab } from '../support/running-lab.ts';

const lacks = prometheusLacks();
const skip = process.env.CI ? false : (lacks ?? false);

/**
 * So that servers are silent, critical and warning, packets come twice and out of order, and whole racks are ill. No kind
 * of fault is given to three servers of rack 0: what begins on so many within 2 s is the rack's, and no server's own.
 */
const INJECTIONS = [
  ['--rack', '3', '--duplicate', '80'],
  ['--rack', '0', '--server', '0', '--loss', '100'],
  ['--rack', '0', '--server', '1', '--loss', '65'],
  ['--rack', '0', '--server', '2', '--loss', '30', '--delay', '80ms', '--jitter', '80ms', '--duplicate', '20'],
  ['--rack', '0', '--server', '3', '--delay', '20ms'],
  ['--rack', '1', '--loss', '100'],
];

test(
  'every expression of dashboards, rules and documents answers with what it is meant to show',
  { skip },
  async (t) => {
    assert.equal(lacks, null, `${lacks}, and in CI no test may skip`);
    const sheet = new AnswerSheet(askedExpressions());

    // Early, because it takes half a minute until the skew of a clock is known.
    const alone = await startLoneControllers(t);
    // What is killed stays away.
    const flags = ['--racks', `${LAB_SIZE.racks}`, '--servers', `${LAB_SIZE.servers}`, '--restart-after', '0s'];
    const lab = await startLab(t, flags);
    const targets = labTargets(lab, LAB_SIZE);
    const prometheus = await startPrometheus(t, targets);
    await lab.untilHealthy(1);
    await sheet.untilHealthyAnswers(prometheus);
    // Closed at once: who scrapes and is not asked takes time from the lab.
    const unlabelled = await startPrometheus(t, withoutDatacenterLabel(targets));
    await examplesWithoutDatacenterLabel().untilHealthyAnswers(unlabelled);
    await unlabelled.close();

    for (const injection of INJECTIONS) {
      const args = [...injection, '--duration', '20m', '--detach'];
      // oxlint-disable-next-line no-await-in-loop -- one injection after the other
      const { code, stderr } = await runChaos(t, lab.runtimeDirectory, ...args);
      assert.equal(code, 0, stderr);
    }
    startNuisance(t, lab, { racks: LAB_SIZE.racks, lateRack: 2 });
    await sheet.untilSeen(prometheus, 'shared');
    process.kill(lab.pid('rack-3'), 'SIGKILL');
    // It answers no scrape, but is not gone: a scrape of it takes as long as one may.
    process.kill(lab.pid('agent-1'), 'SIGSTOP');
    t.after(() => signal(lab.pid('agent-1'), 'SIGCONT'));
    await sheet.untilSeen(prometheus, 'chaos', RISES);
    signal(lab.pid('agent-1'), 'SIGCONT');

    process.kill(lab.pid('datacenter'), 'SIGKILL');
    process.kill(lab.pid('rack-0'), 'SIGKILL');
    await sheet.untilSeen(prometheus, 'outage');

    await sheet.untilSeen(await startPrometheus(t, alone), 'alone');
    await sheet.untilSeen(await startPrometheus(t, []), 'unwatched');
    t.diagnostic(sheet.summary());
  },
);

/** The example queries work for who has one datacenter and no label for it. */
function examplesWithoutDatacenterLabel(): AnswerSheet {
  const examples = askedExpressions().filter(({ place }) => place === 'docs/metrics.md');
  const withoutLabel = examples.map(({ expected, ...example }) => ({
    ...example,
    expected: { ...expected, labels: expected.labels.filter((label) => label !== 'dc_id') },
  }));
  return new AnswerSheet(withoutLabel);
}

function withoutDatacenterLabel(targets: readonly ScrapeTarget[]): readonly ScrapeTarget[] {
  return targets.map((target) => {
    const labels = Object.entries(target.labels).filter(([label]) => label !== 'dc_id');
    return { ...target, labels: Object.fromEntries(labels) };
  });
}
