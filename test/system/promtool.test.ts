import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { startLab } from '../support/running-lab.ts';

/** The one complaint that stands: the name is a public contract. */
const KNOWN_COMPLAINT = /^netwatch_latency_ms metric names should not contain abbreviated units$/;

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const lacks = hasPromtool ? false : 'promtool is not installed (Debian: prometheus)';

test(
  'promtool finds nothing wrong with what each role exposes',
  { skip: process.env.CI ? false : lacks },
  async (context) => {
    assert.ok(hasPromtool, 'promtool is not installed, and in CI no test may skip');
    const lab = await startLab(context, ['--racks', '1', '--servers', '2']);
    await lab.untilHealthy(1);
    for (const [role, offset] of [
      ['datacenter', 2],
      ['rack', 200],
      ['agent', 300],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one role after the other
      const exposition = await lab.exposition(offset);
      assert.match(exposition, /^netwatch_build_info\{/m);
      const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: exposition, encoding: 'utf8' });
      const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !KNOWN_COMPLAINT.test(line));
      assert.deepEqual(complaints, [], role);
    }
  },
);
