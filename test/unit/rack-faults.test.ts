import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeRack, START_SECONDS } from '../support/fake-rack.ts';

const INTERVAL_SECONDS = 0.05;
const DELAY_SECONDS = 0.001;

/** Lets every server sing; what `holdsSeconds` says of a server is how much longer its samples take. Null loses one. */
function hear(rack: FakeRack, seconds: number, holdsSeconds: (serverId: number, k: number) => number | null): void {
  const end = rack.elapsedSeconds + seconds;
  while (rack.elapsedSeconds < end) {
    const k = rack.nextSample;
    for (let serverId = 0; serverId < 6; serverId++) {
      const extra = holdsSeconds(serverId, k);
      const sentSeconds = START_SECONDS + k * INTERVAL_SECONDS - DELAY_SECONDS - (extra ?? 0);
      if (extra !== null) rack.receive(rack.datagram(serverId, k, { sentSeconds }));
    }
    rack.tick();
    rack.elapsedSeconds += INTERVAL_SECONDS;
  }
}

const healthy = () => 0;
const kindsOf = (rack: FakeRack) => rack.verdicts.map(({ faults }) => faults.map(({ kind }) => kind).join('+'));

describe('faults in the verdicts of a rack', () => {
  test('a fault is reported before the next hop, named, with its severity in the status', () => {
    const rack = new FakeRack();
    hear(rack, 60.5, healthy);
    const before = rack.reports.length;
    const beganSeconds = rack.nowSeconds;
    hear(rack, 0.55, (serverId) => (serverId === 2 ? 0.02 : 0));
    const told = rack.reports.slice(before).find(({ servers }) => (servers?.[2]?.faults.length ?? 0) > 0);
    assert.ok(told !== undefined && told.timestamp - beganSeconds < 0.5, `told after ${told?.timestamp}`);
    const verdict = rack.verdict(2);
    assert.deepEqual(
      verdict?.faults.map(({ kind, severity }) => [kind, severity]),
      [['delay-shift', 'warning']],
    );
    assert.equal(verdict?.status, 'warning');
    assert.ok(Math.abs((verdict?.faults[0]?.since ?? 0) - beganSeconds) < 0.1);
    assert.deepEqual(rack.listening.faults, []);
  });

  test('half of the servers 5 ms slower at once: the rack’s fault, and none of its servers’', () => {
    const rack = new FakeRack();
    hear(rack, 60, healthy);
    hear(rack, 1, (serverId) => (serverId % 2 === 0 ? 0.005 : 0));
    assert.deepEqual(kindsOf(rack), ['rack-wide', '', 'rack-wide', '', 'rack-wide', '']);
    assert.deepEqual(
      rack.listening.faults.map(({ kind, server_ids: ids }) => [kind, ids]),
      [['delay-shift', [0, 2, 4]]],
    );
    hear(rack, 4, healthy);
    assert.deepEqual(kindsOf(rack), ['', '', '', '', '', '']);
    assert.deepEqual(rack.listening.faults, []);
  });

  test('faults that come and go do not make a rack report all the time', () => {
    const rack = new FakeRack();
    hear(rack, 60, healthy);
    const before = rack.reports.length;
    hear(rack, 20, (serverId, k) => (k % (17 + serverId) < 8 ? null : 0));
    const reports = rack.reports.length - before;
    assert.ok(reports <= 20 * 6, `${reports} reports in 20 s`);
  });

  test('while the receiver is late nobody is blamed for as much', () => {
    const rack = new FakeRack();
    hear(rack, 60, healthy);
    rack.lag.note(0.1);
    hear(rack, 1.2, healthy);
    hear(rack, 1, () => 0.05);
    assert.deepEqual(
      kindsOf(rack).map((kinds) => kinds.includes('delay-shift') || kinds.includes('rack-wide')),
      Array(6).fill(false),
    );
  });
});
