import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServerStatus } from '../../src/core/verdict.ts';
import type { Aggregate } from '../../src/datacenter/aggregate.ts';
import { EventRing } from '../../src/datacenter/events.ts';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';
import { START_SECONDS, aggregateOf, give, minimalReport, reportOf, serversOf } from '../support/datacenter-reports.ts';

/** Oldest first, a line an event: when (seconds after the start), of whom, from what to what. */
function story(aggregate: Aggregate): string[] {
  return aggregate.events
    .newest(1000)
    .toReversed()
    .map(({ timestamp, scope, rack_id: rack, server_id: server, from, to }) => {
      const ofServer = `server ${rack}/${server}`;
      const who = { datacenter: 'dc', rack: `rack ${rack}`, server: ofServer, fault: ofServer, chaos: 'chaos' }[scope];
      return `${timestamp - START_SECONDS}: ${who} ${from} → ${to}`;
    });
}

const ERROR: Readonly<Record<ServerStatus, number | null>> = {
  healthy: 0,
  warning: 0.3,
  critical: 0.6,
  silent: 1,
  warming: null,
};

/** One report a second, each with these statuses of servers 0, 1, …; its rack's score is their truth. */
function play(aggregate: Aggregate, seconds: readonly (readonly ServerStatus[])[]): void {
  for (const [second, statuses] of seconds.entries()) {
    const servers = statuses.flatMap((status, serverId) =>
      serversOf(0, serverId + 1, { status, spectral_error: ERROR[status] }).slice(serverId),
    );
    const report = reportOf(0, { servers, sequence: second, timestamp: START_SECONDS + second });
    give(aggregate, report, { afterSeconds: second + 0.25 });
  }
}

function silenceUntil(aggregate: Aggregate, fromSeconds: number, toSeconds: number): void {
  for (let after = fromSeconds; after <= toSeconds; after += 0.25) aggregate.check(START_SECONDS + after);
}

describe('what is an event', () => {
  test('the usual start is none', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    play(aggregate, [
      ['warming', 'healthy'],
      ['warming', 'healthy'],
      ['healthy', 'healthy'],
    ]);
    assert.deepEqual(story(aggregate), []);
    assert.equal(aggregate.events.total, 0);
  });

  test('a bad start is one', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    play(aggregate, [
      ['critical', 'warming'],
      ['critical', 'warning'],
    ]);
    assert.deepEqual(story(aggregate), [
      '0: server 0/0 null → critical',
      '0: rack 0 warming → critical',
      '0: dc warming → critical',
      '1: server 0/1 warming → warning',
      '1: rack 0 critical → degraded',
      '1: dc critical → degraded',
    ]);
  });

  test('so is every change after it, also back to warming and healthy', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    play(aggregate, [['healthy'], ['warning'], ['silent'], ['warming'], ['healthy'], ['healthy']]);
    const ofServers = story(aggregate).filter((line) => line.includes('server'));
    assert.deepEqual(ofServers, [
      '1: server 0/0 healthy → warning',
      '2: server 0/0 warning → silent',
      '3: server 0/0 silent → warming',
      '4: server 0/0 warming → healthy',
    ]);
  });

  test('a server that leaves its reports is none, and starts anew when it comes back', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    play(aggregate, [['healthy', 'warning'], ['healthy'], ['healthy', 'healthy']]);
    assert.deepEqual(
      story(aggregate).filter((line) => line.includes('server')),
      ['0: server 0/1 null → warning'],
    );
  });

  test('an event says of whom it is', () => {
    const events: DatacenterEvent[] = [];
    const aggregate = aggregateOf({ numRacks: 1, onEvent: (event) => events.push(event) });
    const servers = serversOf(0, 1, { status: 'critical', spectral_error: 0.75, name: 'web-1' });
    give(aggregate, reportOf(0, { servers, name: 'row 5', timestamp: START_SECONDS + 0.5 }));
    const common = { timestamp: START_SECONDS + 0.5, to: 'critical' };
    assert.deepEqual(events, [
      {
        ...common,
        id: 1,
        scope: 'server',
        rack_id: 0,
        server_id: 0,
        name: 'web-1',
        from: null,
        spectral_error: 0.75,
        health_score: null,
      },
      {
        ...common,
        id: 2,
        scope: 'rack',
        rack_id: 0,
        server_id: null,
        name: 'row 5',
        from: 'warming',
        spectral_error: null,
        health_score: 0.25,
      },
      {
        ...common,
        id: 3,
        scope: 'datacenter',
        rack_id: null,
        server_id: null,
        name: 'dc-1',
        from: 'warming',
        spectral_error: null,
        health_score: 0.25,
      },
    ]);
  });
});

describe('silence', () => {
  test('of a rack is at the time of the datacenter, and is no event of its servers', () => {
    const aggregate = aggregateOf({ numRacks: 2 });
    give(aggregate, minimalReport(1, { interval_seconds: 100, health_score: 1 }));
    play(aggregate, [['healthy']]);
    silenceUntil(aggregate, 0.25, 5);
    assert.deepEqual(story(aggregate), ['3.5: rack 0 healthy → silent', '3.5: dc healthy → degraded']);
  });

  test('ends at the time of the datacenter, and what the backlog says happened when it happened', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    give(aggregate, reportOf(0, { servers: serversOf(0, 1), sequence: 1 }));
    silenceUntil(aggregate, 0, 10);
    const broken = serversOf(0, 1, { status: 'critical', spectral_error: 0.6 });
    const backlog = [serversOf(0, 1), broken, broken, serversOf(0, 1)];
    for (const [index, servers] of backlog.entries()) {
      const report = reportOf(0, { servers, sequence: 2 + index, timestamp: START_SECONDS + 1 + index });
      give(aggregate, report, { afterSeconds: 10 });
    }
    assert.deepEqual(story(aggregate), [
      '3.25: rack 0 healthy → silent',
      '3.25: dc healthy → critical',
      '10: rack 0 silent → healthy',
      '10: dc critical → healthy',
      '2: server 0/0 healthy → critical',
      '2: rack 0 healthy → critical',
      '2: dc healthy → critical',
      '4: server 0/0 critical → healthy',
      '4: rack 0 critical → healthy',
      '4: dc critical → healthy',
    ]);
  });

  test('of an expected rack that was never heard is an event', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    silenceUntil(aggregate, 0, 11);
    assert.deepEqual(story(aggregate), ['10.25: rack 0 warming → silent', '10.25: dc warming → critical']);
  });

  test('a forgotten rack takes its silence with it', () => {
    const aggregate = aggregateOf({ numRacks: 0, forgetAfterSeconds: 20 });
    give(aggregate, minimalReport(0));
    give(aggregate, minimalReport(1), { afterSeconds: 8 });
    silenceUntil(aggregate, 0, 21);
    assert.deepEqual(story(aggregate), [
      '15.25: rack 0 healthy → silent',
      '15.25: dc healthy → critical',
      '20.25: dc critical → healthy',
    ]);
    give(aggregate, minimalReport(0), { afterSeconds: 21 });
    assert.equal(aggregate.events.total, 3, 'its return is the usual start');
  });
});

describe('the ring', () => {
  const change = {
    timestamp: 0,
    scope: 'rack',
    rack_id: 0,
    server_id: null,
    name: null,
    from: null,
    to: 'silent',
    spectral_error: null,
    health_score: 0,
  } as const;

  test('keeps the newest, newest first, and counts all', () => {
    const ring = new EventRing(3);
    assert.deepEqual(ring.newest(10), []);
    const ids = (limit: number) => ring.newest(limit).map((event) => event.id);
    ring.push(change);
    ring.push(change);
    assert.deepEqual(ids(10), [2, 1]);
    for (let count = 0; count < 5; count++) ring.push(change);
    assert.deepEqual(ids(10), [7, 6, 5]);
    assert.deepEqual(ids(2), [7, 6]);
    assert.equal(ring.total, 7);
  });
});
