import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Verdict } from '../../src/core/verdict.ts';
import { createWallClock } from '../../src/io/clock.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import type { Report } from '../../src/wire/report-lines.ts';
import { startTap } from '../support/flood.ts';
import { isWell, singTo, startRackProcess, verdictIn } from '../support/running-rack.ts';

const JSON_AGENT = fileURLToPath(new URL('../../examples/json-agent.py', import.meta.url));
const SIGNAL_DEADLINE_MS = 300_000;
const STOPPED_SECONDS = 1.5;
/** Two processes read the clock, and a datagram takes its way. */
const TOLERANCE_SECONDS = 0.05;

/** A sample that lay in the rack's queue, in unix seconds. */
interface Passed {
  readonly serverId: number;
  readonly sentSeconds: number;
  readonly passedSeconds: number;
}

/**
 * True for a sample that came in time, and after what a rack calls the last it heard of a silent server, and before it
 * did so. On a machine so busy that the agent itself stood still there is none, and the server was silent indeed.
 */
function isHeardOf(
  { serverId, sentSeconds, passedSeconds }: Passed,
  { verdict, report, resumedSeconds }: { verdict: Verdict; report: Report; resumedSeconds: number },
): boolean {
  return (
    serverId === verdict.server_id &&
    Math.max(passedSeconds, resumedSeconds) - sentSeconds < STOPPED_SECONDS &&
    passedSeconds > (verdict.last_heard ?? 0) + TOLERANCE_SECONDS &&
    passedSeconds < report.timestamp - TOLERANCE_SECONDS
  );
}

/** Says why there is no python3 here, and skips; on the build machine that is a failure. */
function needsPython(context: TestContext): boolean {
  if (spawnSync('python3', ['--version']).status === 0) return true;
  assert.ok(process.env.CI === undefined, 'python3 is missing, and on the build machine it may not be');
  context.skip('python3 is missing');
  return false;
}

test('an agent of twenty lines of Python is heard as healthy', { timeout: SIGNAL_DEADLINE_MS }, async (context) => {
  if (!needsPython(context)) return;
  const rack = await startRackProcess(context, '--rack-id', 2);
  const agent = spawn('python3', [JSON_AGENT, '127.0.0.1', String(rack.udpPort), '2', '7'], { stdio: 'inherit' });
  context.after(() => agent.kill());
  const fullWindow = Date.now() / 1000 + 15;
  const report = await rack.report(
    'the Python agent is heard well over a full window',
    (heard) => heard.timestamp > fullWindow && isWell(verdictIn(heard, 7)),
  );
  const verdict = verdictIn(report, 7);
  assert.deepEqual([verdict?.status, verdict?.expected_frequency_hz, verdict?.loss_ratio], ['healthy', 3.35, 0]);
  assert.ok((verdict?.spectral_error ?? 1) <= 0.02);
  assert.equal(agent.exitCode, null, 'it still sings');
});

test(
  'a rack that was stopped for a while accuses itself and no server',
  { timeout: SIGNAL_DEADLINE_MS },
  async (context) => {
    const rack = await startRackProcess(context);
    const tap = await startTap(context, rack.udpPort);
    await singTo(context, { ...rack, udpPort: tap.port }, '0-7');
    const from = rack.datacenter.reports.length;
    const passed: Passed[] = [];
    const clock = createWallClock();
    const stopSeconds = clock.nowSeconds();
    let resumedSeconds = Infinity;
    tap.onPassed = (bytes) => {
      const decoded = decodeDatagram(bytes, { key: null });
      if (decoded.kind !== 'sample') return;
      const { serverId, sentSeconds } = decoded.sample;
      passed.push({ serverId, sentSeconds, passedSeconds: clock.nowSeconds() });
      if (resumedSeconds !== Infinity || sentSeconds < stopSeconds + STOPPED_SECONDS) return;
      // At once, and not when the test looks: what lies in the kernel's queue is no more than what was sent until now.
      rack.process.child.kill('SIGCONT');
      resumedSeconds = clock.nowSeconds();
    };
    rack.process.child.kill('SIGSTOP');
    const observed = await rack.report('the rack names itself', ({ servers = [] }) =>
      servers.some(({ faults }) => faults.some(({ kind }) => kind === 'observer')),
    );
    const lag = observed.servers?.[0]?.faults.find(({ kind }) => kind === 'observer')?.parameters.lag_seconds;
    assert.ok((lag ?? 0) >= 1, `lag ${lag}`);
    await rack.report('all are well again, and the observer too', ({ servers = [] }) => {
      return servers.length === 8 && servers.every((verdict) => isWell(verdict) && verdict.faults.length === 0);
    });
    for (const report of rack.datacenter.reports.slice(from)) {
      for (const verdict of report.servers ?? []) {
        if (verdict.status !== 'silent') continue;
        const ignored = passed.find((sample) => isHeardOf(sample, { verdict, report, resumedSeconds }));
        assert.equal(ignored, undefined, `called silent: ${JSON.stringify(verdict)} at ${report.timestamp}`);
      }
    }
  },
);

test(
  'an agent that is killed is silent within a second, and one that starts again is healthy without loss',
  { timeout: SIGNAL_DEADLINE_MS },
  async (context) => {
    const rack = await startRackProcess(context);
    const agent = await singTo(context, rack, '0-1');
    const lostBefore = (await rack.metrics()).value('netwatch_packets_lost_total', { rack_id: 0, server_id: 1 });
    agent.child.kill('SIGKILL');
    const report = await rack.report('both are silent', ({ servers = [] }) => {
      return servers.length === 2 && servers.every(({ status }) => status === 'silent');
    });
    for (const { last_heard: lastHeard, spectral_error: error } of report.servers ?? []) {
      assert.equal(error, 1);
      // Half a second by the clock of the rack, which says itself how late it was.
      const lag = report.servers?.[0]?.faults[0]?.parameters.lag_seconds ?? 0;
      assert.ok(report.timestamp - (lastHeard ?? 0) <= 1 + lag, `${report.timestamp - (lastHeard ?? 0)} s`);
    }
    assert.equal(report.health_score, 0);
    await singTo(context, rack, '0-1');
    const lost = (await rack.metrics()).value('netwatch_packets_lost_total', { rack_id: 0, server_id: 1 });
    assert.equal(lost, lostBefore, 'the gap is no loss');
  },
);
