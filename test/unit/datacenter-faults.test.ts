import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault, FaultKind, Verdict } from '../../src/core/verdict.ts';
import type { Aggregate } from '../../src/datacenter/aggregate.ts';
import type { FaultEvent } from '../../src/wire/api/datacenter-event.ts';
import type { Report } from '../../src/wire/report-lines.ts';
import {
  START_SECONDS,
  aggregateOf,
  give,
  minimalReport,
  rackFaultOf,
  reportOf,
  serversOf,
} from '../support/datacenter-reports.ts';

/** A fault that began so many seconds after the start. */
function faultOf(kind: FaultKind, since: number, changes: Partial<Fault> = {}): Fault {
  return { kind, since: START_SECONDS + since, severity: 'warning', confidence: 0.9, parameters: {}, ...changes };
}

/** Servers 0, 1, … of rack 0 with these faults. */
function withFaults(faults: readonly (readonly Fault[])[]): Verdict[] {
  return faults.flatMap((own, serverId) => serversOf(0, serverId + 1, { faults: own }).slice(serverId));
}

/** The report of a second, whose sequence number is the second. */
function tell(aggregate: Aggregate, second: number, changes: Partial<Report>): void {
  const report = reportOf(0, { sequence: second, timestamp: START_SECONDS + second, ...changes });
  give(aggregate, report, { afterSeconds: second });
}

function tellFaults(aggregate: Aggregate, seconds: readonly (readonly Fault[])[], firstSecond = 0): void {
  for (const [index, faults] of seconds.entries()) {
    tell(aggregate, firstSecond + index, { servers: withFaults([faults]) });
  }
}

function faultEvents(aggregate: Aggregate): FaultEvent[] {
  return aggregate.events
    .newest(1000)
    .toReversed()
    .filter((event) => event.scope === 'fault');
}

/** Oldest first, a line an event. */
function story(aggregate: Aggregate): string[] {
  return faultEvents(aggregate).map(({ timestamp, rack_id: rack, server_id: server, to, fault }) => {
    const who = server === null ? `rack ${rack}` : `server ${rack}/${server}`;
    const duration = fault.duration_seconds === null ? '' : ` after ${fault.duration_seconds}`;
    return `${timestamp - START_SECONDS}: ${who} ${fault.kind} ${to}${duration}`;
  });
}

function silenceUntil(aggregate: Aggregate, fromSeconds: number, toSeconds: number): void {
  for (let after = fromSeconds; after <= toSeconds; after += 0.25) aggregate.check(START_SECONDS + after);
}

const LOSS = faultOf('loss', -1);
const NONE: readonly Fault[] = [];

describe('a fault of a server', () => {
  test('is an event when it begins and when it ends, with how long it was', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    const refined = faultOf('loss', 0.5, { severity: 'critical', parameters: { loss_ratio: 0.2 } });
    const reports = [NONE, [faultOf('loss', 0.25)], [refined], NONE, NONE];
    for (const [second, faults] of reports.entries()) {
      tell(aggregate, second, { servers: serversOf(0, 1, { name: 'web-1', faults }) });
    }
    const common = { scope: 'fault', rack_id: 0, server_id: 0, name: 'web-1', spectral_error: null } as const;
    assert.deepEqual(faultEvents(aggregate), [
      {
        ...common,
        id: 1,
        timestamp: START_SECONDS + 1,
        from: null,
        to: 'begun',
        health_score: null,
        fault: { ...faultOf('loss', 0.25), duration_seconds: null },
      },
      {
        ...common,
        id: 2,
        timestamp: START_SECONDS + 3,
        from: 'begun',
        to: 'ended',
        health_score: null,
        fault: { ...refined, duration_seconds: 2.5 },
      },
    ]);
  });

  test('that changes its name ends as the one and begins as the other', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    tellFaults(aggregate, [[faultOf('silent', 0)], [faultOf('burst-loss', 0)]]);
    assert.deepEqual(story(aggregate), [
      '0: server 0/0 silent begun',
      '1: server 0/0 silent ended after 1',
      '1: server 0/0 burst-loss begun',
    ]);
  });

  test('ends with its server, and with its rack when that is forgotten', () => {
    const aggregate = aggregateOf({ numRacks: 0, forgetAfterSeconds: 20 });
    tell(aggregate, 0, { servers: withFaults([[LOSS], [LOSS]]) });
    tell(aggregate, 1, { servers: withFaults([[LOSS]]) });
    silenceUntil(aggregate, 1, 22);
    assert.deepEqual(story(aggregate).slice(2), [
      '1: server 0/1 loss ended after 2',
      '1: server 0/0 loss ended after 2',
    ]);
  });
});

describe('a fault of a rack', () => {
  const wide = faultOf('rack-wide', 0);

  test('is one event, however many servers have it, and names none', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    const ids = Array.from({ length: 40 }, (_, id) => id);
    const faults = [rackFaultOf('delay-shift', ids, { since: START_SECONDS })];
    tell(aggregate, 0, { name: 'row 5', faults, servers: serversOf(0, 40, { faults: [wide] }) });
    tell(aggregate, 1, { name: 'row 5', servers: serversOf(0, 40) });
    assert.deepEqual(story(aggregate), ['0: rack 0 delay-shift begun', '1: rack 0 delay-shift ended after 1']);
    const [begun] = faultEvents(aggregate);
    assert.deepEqual(begun?.fault, {
      ...faultOf('delay-shift', 0),
      parameters: { servers: 40 },
      duration_seconds: null,
    });
    assert.equal(begun.name, 'row 5');
  });

  test('is told once of `observer`, and of `rack-wide` where the rack does not say what it is', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    tell(aggregate, 0, { servers: serversOf(0, 3, { faults: [faultOf('observer', 0), wide] }) });
    tell(aggregate, 1, { servers: serversOf(0, 3) });
    assert.deepEqual(story(aggregate), [
      '0: rack 0 observer begun',
      '0: rack 0 rack-wide begun',
      '1: rack 0 observer ended after 1',
      '1: rack 0 rack-wide ended after 1',
    ]);
  });

  test('takes in what a server had before, and leaves to a server what only that one keeps', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    const shift = faultOf('delay-shift', 0);
    tell(aggregate, 1, { servers: withFaults([[shift], [], [], []]) });
    tell(aggregate, 2, {
      faults: [rackFaultOf('delay-shift', [0, 1, 2, 3])],
      servers: serversOf(0, 4, { faults: [wide] }),
    });
    // It is over for the rack and for server 0; of the others two take longer, and one has it for good.
    tell(aggregate, 3, { servers: withFaults([[], [shift], [shift], [shift]]) });
    for (let second = 4; second <= 40; second++)
      tell(aggregate, second, { servers: withFaults([[], [], [], [shift]]) });
    assert.deepEqual(story(aggregate), [
      '1: server 0/0 delay-shift begun',
      '2: rack 0 delay-shift begun',
      '3: server 0/0 delay-shift ended after 3',
      '3: rack 0 delay-shift ended after 5',
      '3: server 0/3 delay-shift begun',
    ]);
  });
});

describe('faults of a rack that is not heard', () => {
  const standing = [LOSS, faultOf('jitter', 0)];

  test('are not told to end; what stands when it is heard again went on, also in another start of the rack', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    tellFaults(aggregate, [standing]);
    silenceUntil(aggregate, 0, 60);
    tell(aggregate, 60, { boot_id: 7, sequence: 1, servers: withFaults([standing]) });
    assert.deepEqual(story(aggregate), ['0: server 0/0 loss begun', '0: server 0/0 jitter begun']);
  });

  test('end when the backlog says so', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    tellFaults(aggregate, [standing]);
    silenceUntil(aggregate, 0, 60);
    const backlog = [standing, [LOSS], [LOSS], NONE, [faultOf('reorder', 5)]];
    for (const [index, faults] of backlog.entries()) {
      const second = index + 1;
      const report = reportOf(0, {
        sequence: second,
        timestamp: START_SECONDS + second,
        servers: withFaults([faults]),
      });
      give(aggregate, report, { afterSeconds: 60 });
    }
    assert.deepEqual(story(aggregate).slice(2), [
      '2: server 0/0 jitter ended after 2',
      '4: server 0/0 loss ended after 5',
      '5: server 0/0 reorder begun',
    ]);
  });

  const unknown: readonly [string, readonly [object, object, object]][] = [
    ['reports are missing', [{ sequence: 1 }, { sequence: 2 }, { sequence: 60 }]],
    [
      'the rack began anew',
      [
        { boot_id: 5, sequence: 1 },
        { boot_id: 5, sequence: 2 },
        { boot_id: 7, sequence: 3 },
      ],
    ],
    ['reports without numbers did not come for long', [{}, {}, {}]],
  ];
  for (const [why, [first, second, third]] of unknown) {
    test(`end with the last report that had them when ${why}`, () => {
      const aggregate = aggregateOf({ numRacks: 1 });
      const tellAt = (after: number, faults: readonly Fault[], numbers: object) => {
        const report = minimalReport(0, {
          timestamp: START_SECONDS + after,
          servers: withFaults([faults]),
          ...numbers,
        });
        give(aggregate, report, { afterSeconds: after });
      };
      tellAt(0, standing, first);
      tellAt(1, standing, second);
      tellAt(60, NONE, third);
      assert.deepEqual(story(aggregate).slice(2), [
        '1: server 0/0 loss ended after 2',
        '1: server 0/0 jitter ended after 1',
      ]);
    });
  }
});

describe('faults that come and go', () => {
  test('are told again only when they stand 10 s later, with the time at which they came', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    const flapping = Array.from({ length: 9 }, (_, second) => (second % 2 === 0 ? [LOSS] : NONE));
    tellFaults(aggregate, [...flapping, ...Array.from({ length: 6 }, () => [LOSS])]);
    assert.deepEqual(story(aggregate), [
      '0: server 0/0 loss begun',
      '1: server 0/0 loss ended after 2',
      '8: server 0/0 loss begun',
    ]);
  });

  test('are told less often of a rack that is late itself again and again', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    const late = [faultOf('observer', 0)];
    tellFaults(aggregate, [late, NONE, late, ...Array.from({ length: 57 }, () => NONE), late, late]);
    assert.deepEqual(story(aggregate), [
      '0: rack 0 observer begun',
      '1: rack 0 observer ended after 1',
      '60: rack 0 observer begun',
    ]);
  });

  test('of very many servers leave room for what else happens, and what still stands is told later', () => {
    const aggregate = aggregateOf({ numRacks: 2 });
    give(aggregate, minimalReport(1, { health_score: 0.1, interval_seconds: 1000 }));
    for (let second = 0; second < 60; second++) {
      const faults = second % 2 === 0 ? [LOSS] : NONE;
      tell(aggregate, second, { servers: serversOf(0, 1024, { faults }) });
    }
    const told = story(aggregate);
    assert.ok(told.length <= 2 * (64 + 60 / 5), `${told.length} events`);
    assert.equal(told.filter((line) => line.includes('begun')).length * 2, told.length, 'whatever began ended');
    assert.ok(aggregate.events.newest(1000).some(({ scope, rack_id }) => scope === 'rack' && rack_id === 1));
    const before = told.length;
    for (let second = 60; second < 80; second++)
      tell(aggregate, second, { servers: serversOf(0, 1024, { faults: [LOSS] }) });
    const later = story(aggregate).slice(before);
    assert.deepEqual([...new Set(later.map((line) => line.replace(/\/\d+/, '')))], ['60: server 0 loss begun']);
    assert.equal(later.length, 4);
    assert.equal(aggregate.withheldFaults, 1024 - 4);
  });

  test('of a rack whose clock was set back are told in its new time', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    tellFaults(aggregate, [[LOSS], NONE], 1000);
    const second = (at: number) => ({ timestamp: START_SECONDS + at });
    tell(aggregate, 1002, { ...second(-500), servers: withFaults([[LOSS]]) });
    tell(aggregate, 1003, { ...second(-499), servers: withFaults([NONE]) });
    assert.deepEqual(story(aggregate).slice(2), ['-500: server 0/0 loss begun', '-499: server 0/0 loss ended after 0']);
  });
});
