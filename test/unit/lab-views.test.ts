import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labSpec } from '../../src/config/lab.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { ChildState } from '../../src/lab/children.ts';
import { statusChanges, summaryLine } from '../../src/lab/health-changes.ts';
import { renderLab, type LabFrame } from '../../src/lab/lab-frame.ts';
import { planLab } from '../../src/lab/lab-plan.ts';
import { startLiveView } from '../../src/lab/live-view.ts';
import { createPlainView } from '../../src/lab/plain-view.ts';
import { timeText } from '../../src/terminal/number-text.ts';
import { displayWidth } from '../../src/terminal/display-width.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { injectionId, noticeOf } from '../support/chaos-notices.ts';
import { createFakeTerminal } from '../support/fake-terminal.ts';
import { NOW_SECONDS, SILENT, treeOf, WARMING } from '../support/health-trees.ts';

const TIME = timeText(NOW_SECONDS);
const PLAN = planLab(loadConfig(labSpec, { flags: {}, env: {}, file: undefined }), {
  tokenFile: '/run/user/7/netwatch/lab-4711.token',
  labFile: '/run/user/7/netwatch/lab-4711.json',
  incidentDirectory: '/tmp/netwatch-1000/lab-1.incidents',
});
const AGENTS: readonly ChildState[] = [0, 1, 2, 3].map((rackId) => ({
  name: `agent-${rackId}`,
  pid: 12_345 + rackId,
  restarts: 0,
}));
const HEALTHY = treeOf({ racks: 4, servers: 8 });
const ONE_SILENT = treeOf({
  racks: 4,
  servers: 8,
  change: (rack, server) => (rack === 2 && server === 5 ? { ...SILENT, name: 'r2-s5' } : {}),
});
const RACK_SILENT = treeOf({ racks: 4, servers: 8, change: (rack) => (rack === 2 ? SILENT : {}) });

test('each change of a status is a line, servers first', () => {
  assert.deepEqual(statusChanges(HEALTHY, HEALTHY), []);
  assert.deepEqual(statusChanges(HEALTHY, ONE_SILENT), ['rack 2 server 5 (r2-s5): healthy → silent']);
  const failing = treeOf({ racks: 2, servers: 3, change: (_, server) => (server === 0 ? {} : SILENT) });
  assert.deepEqual(statusChanges(treeOf({ racks: 2, servers: 3 }), failing), [
    'rack 0 server 1: healthy → silent',
    'rack 0 server 2: healthy → silent',
    'rack 1 server 1: healthy → silent',
    'rack 1 server 2: healthy → silent',
    'rack 0: healthy → critical',
    'rack 1: healthy → critical',
    'datacenter: healthy → critical',
  ]);
});

test('a whole rack that changes alike is one line', () => {
  assert.deepEqual(statusChanges(HEALTHY, RACK_SILENT), [
    'rack 2, all 8 servers: healthy → silent',
    'rack 2: healthy → critical',
    'datacenter: healthy → degraded',
  ]);
  assert.deepEqual(statusChanges(ONE_SILENT, RACK_SILENT).slice(0, 2), [
    'rack 2 server 0: healthy → silent',
    'rack 2 server 1: healthy → silent',
  ]);
});

test('what is new is no change, and thousands of changes are not thousands of lines', () => {
  assert.deepEqual(statusChanges(treeOf({ racks: 0, servers: 0 }), { ...HEALTHY, status: 'warming' }), []);
  const [before, after] = [0, 1].map((first) =>
    treeOf({ racks: 1, servers: 256, change: (_, server) => (server > first ? SILENT : {}) }),
  );
  assert.ok(before && after);
  assert.equal(statusChanges(before, after).length, 1);
  const lines = statusChanges(treeOf({ racks: 1, servers: 256 }), after);
  assert.equal(lines[63], '… and 191 more servers changed their status');
  assert.equal(lines[64], 'rack 0: healthy → critical');
});

test('the summary counts, and names the worst', () => {
  assert.match(summaryLine(HEALTHY), /^score 1\.000 healthy, 32 servers: 32 healthy; largest error 0\.\d+, rack \d/);
  assert.match(summaryLine(ONE_SILENT), /: 31 healthy, 1 silent; largest error 1\.0+, rack 2 server 5 \(r2-s5\)$/);
  assert.equal(
    summaryLine(treeOf({ racks: 1, servers: 1, change: () => WARMING })),
    'score – warming, 1 server: 1 warming',
  );
});

test('without a terminal: changes as they come, a summary every 10 s, and one line when the datacenter is lost', () => {
  const lines: string[] = [];
  let nowSeconds = NOW_SECONDS;
  const view = createPlainView({ writeLine: (line) => lines.push(line), nowSeconds: () => nowSeconds });
  const update = (tree = HEALTHY, isLost = false, injections: readonly ChaosNotice[] = []): readonly string[] => {
    lines.length = 0;
    view.update({ tree, injections, isLost, fetchedSeconds: nowSeconds });
    return [...lines];
  };
  assert.deepEqual(update(), [`${TIME} ${summaryLine(HEALTHY)}`]);
  assert.deepEqual(update(), []);
  assert.deepEqual(update(ONE_SILENT), [`${TIME} rack 2 server 5 (r2-s5): healthy → silent`]);
  assert.deepEqual(update(ONE_SILENT, true), [`${TIME} the datacenter does not answer`]);
  assert.deepEqual(update(ONE_SILENT, true), []);
  assert.deepEqual(update(ONE_SILENT), [`${TIME} the datacenter answers again`]);
  const forever = noticeOf({ id: injectionId(2), scope: 'rack 1', until: null });
  assert.deepEqual(update(ONE_SILENT, false, [noticeOf(), forever]), [
    `${TIME} chaos has begun: delay 200 ms, loss 20 % on rack 0, for 60 s`,
    `${TIME} chaos has begun: delay 200 ms, loss 20 % on rack 1, until cleared`,
  ]);
  assert.deepEqual(update(ONE_SILENT, true, [noticeOf(), forever]), [`${TIME} the datacenter does not answer`]);
  assert.deepEqual(update(ONE_SILENT, false, [forever]), [
    `${TIME} the datacenter answers again`,
    `${TIME} chaos has ended: delay 200 ms, loss 20 % on rack 0`,
  ]);
  assert.equal(update(ONE_SILENT).length, 1);
  nowSeconds += 10;
  assert.deepEqual(update(ONE_SILENT), [`${timeText(nowSeconds)} ${summaryLine(ONE_SILENT)}`]);
  view.log('rack-2: late');
  assert.equal(lines.at(-1), `${timeText(nowSeconds)} rack-2: late`);
});

function frameOf(changes: Partial<LabFrame> = {}): LabFrame {
  return {
    plan: PLAN,
    chaosCommand: 'netwatch chaos',
    agents: AGENTS,
    restartAfterSeconds: 10,
    health: { tree: HEALTHY, injections: [], fetchedSeconds: NOW_SECONDS, isLost: false },
    log: [],
    nowSeconds: NOW_SECONDS,
    ...changes,
  };
}

test('a large terminal shows the table, the links, the pids and the log', () => {
  const log = [{ atSeconds: NOW_SECONDS, text: 'rack-2: late' }];
  const lines = renderLab(frameOf({ log }), { columns: 100, rows: 36, color: false });
  assert.match(lines[0] ?? '', /^NetWatch dc-1 {2}● 1\.000 healthy/);
  assert.deepEqual(lines.slice(-10), [
    '',
    'dashboard  http://127.0.0.1:8080/',
    'token      /run/user/7/netwatch/lab-4711.token has what its chaos panel asks for',
    'health     http://127.0.0.1:8080/api/v1/health',
    'events     http://127.0.0.1:8080/api/v1/events',
    'metrics    http://127.0.0.1:8000/metrics, racks :8001 to :8004, agents :8101 to :8104',
    'chaos      netwatch chaos --rack 0 --loss 20',
    'pids       agent-0 12345, agent-1 12346, agent-2 12347, agent-3 12348',
    `${TIME} rack-2: late`,
    'Ctrl-C ends the lab; kill -9 12347 silences rack 2 (back after 10 s)',
  ]);
});

test('on 80 × 24 every server stays, and a new log line takes the place of the link', () => {
  const size = { columns: 80, rows: 24, color: false };
  const lines = renderLab(frameOf(), size);
  assert.equal(lines.filter((line) => /● \d +0\.\d/.test(line)).length, 16, 'two racks side by side');
  const trouble = treeOf({ racks: 4, servers: 8, change: (_, server) => (server === 5 ? SILENT : {}) });
  const health = { tree: trouble, injections: [noticeOf()], fetchedSeconds: NOW_SECONDS, isLost: false };
  const shown = renderLab(frameOf({ health }), size).join('\n');
  assert.equal(shown.match(/[●⊘] \d +\d\.\d/g)?.length, 32, 'also while something is broken on purpose');
  assert.match(shown, /\nchaos: delay 200 ms, loss 20 % on rack 0, 48 s left\n/);
  assert.deepEqual(lines.slice(-2), [
    'http://127.0.0.1:8080/',
    'Ctrl-C ends the lab; kill -9 12347 silences rack 2 (back after 10 s)',
  ]);
  const log = [{ atSeconds: NOW_SECONDS, text: 'rack-2: late' }];
  assert.equal(renderLab(frameOf({ log }), size).at(-2), `${TIME} rack-2: late`);
  assert.match(renderLab(frameOf({ log, nowSeconds: NOW_SECONDS + 20 }), size).at(-2) ?? '', /^http/);
});

test('says which agent to kill only while there is one, and that it comes back only if it does', () => {
  const size = { columns: 100, rows: 24, color: false };
  const down = (name: string): readonly ChildState[] =>
    AGENTS.map((agent) => (agent.name === name || name === 'all' ? { ...agent, pid: null } : agent));
  const last = (changes: Partial<LabFrame>): string | undefined => renderLab(frameOf(changes), size).at(-1);
  assert.equal(
    last({ agents: down('agent-2'), restartAfterSeconds: 0 }),
    'Ctrl-C ends the lab; kill -9 12348 silences rack 3',
  );
  assert.equal(last({ agents: down('all') }), 'Ctrl-C ends the lab');
});

test('a datacenter that is lost is said, above what was known of it', () => {
  const health = { tree: HEALTHY, injections: [], fetchedSeconds: NOW_SECONDS - 7, isLost: true };
  const lines = renderLab(frameOf({ health }), { columns: 100, rows: 40, color: false });
  assert.equal(lines[1], `▲ the datacenter does not answer; this is of ${timeText(NOW_SECONDS - 7)}`);
  assert.match(lines[0] ?? '', / old$/);
});

test('no frame is larger than its terminal', () => {
  const log = [1, 2, 3].map((n) => ({ atSeconds: NOW_SECONDS, text: `rack-${n}: ${'late '.repeat(60)}` }));
  for (const tree of [null, HEALTHY, RACK_SILENT]) {
    for (const columns of [20, 80, 200]) {
      for (const rows of [1, 2, 8, 24, 30, 60]) {
        const health = { tree, injections: [noticeOf()], fetchedSeconds: NOW_SECONDS, isLost: true };
        const lines = renderLab(frameOf({ health, log }), { columns, rows, color: false });
        assert.ok(lines.length <= rows, `${lines.length} lines in ${rows} rows`);
        for (const line of lines) assert.ok(displayWidth(line) <= columns, `"${line}" in ${columns} columns`);
      }
    }
  }
});

test('the live view draws each update and log line, keeps the newest lines, and gives the terminal back', async () => {
  const stdout = createFakeTerminal({ columns: 100, rows: 40 });
  const view = startLiveView({
    stdout,
    color: false,
    plan: PLAN,
    chaosCommand: 'netwatch chaos',
    agents: () => AGENTS,
    restartAfterSeconds: 10,
    nowSeconds: () => NOW_SECONDS,
  });
  assert.match(stdout.written(), /Waiting for the first reports/);
  view.update({ tree: ONE_SILENT, injections: [noticeOf()], fetchedSeconds: NOW_SECONDS, isLost: false });
  assert.match(stdout.written(), /rack 2 server 5 \(r2-s5\): silent/);
  assert.match(stdout.written(), /chaos: delay 200 ms, loss 20 % on rack 0, 48 s left/);
  for (const n of [1, 2, 3, 4]) view.log(`line ${n}`);
  const lastFrame = stdout.written().split('\u001B[H').at(-1) ?? '';
  assert.deepEqual(lastFrame.match(/line \d/g), ['line 2', 'line 3', 'line 4']);
  await view.close();
  assert.ok(stdout.written().endsWith('\u001B[?1049l'));
});
