import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatacenterHealth, Fault, RackFault, RackHealth, Verdict } from '../../src/core/verdict.ts';
import type { StatusEvent } from '../../src/wire/api/datacenter-event.ts';
import { allWellWords } from '../../src/web/words/all-well.ts';
import { sentenceOf } from '../../src/web/words/finding.ts';
import { findingsOf } from '../../src/web/words/findings.ts';
import { rackScoreWords, stateWords } from '../../src/web/words/state-words.ts';
import { errorWords, troublesOf, wordsOf } from '../../src/web/words/trouble.ts';
import { timeWords } from '../../src/web/words/number-words.ts';

function verdict(rackId: number, serverId: number, more: Partial<Verdict> = {}): Verdict {
  return {
    rack_id: rackId,
    server_id: serverId,
    name: null,
    status: 'healthy',
    spectral_error: 0.01,
    snr_db: 30,
    loss_ratio: 0,
    delay_seconds: 0,
    jitter_seconds: 0,
    clock_skew_ppm: null,
    expected_frequency_hz: 1,
    sample_rate_hz: 20,
    last_heard: 100,
    faults: [],
    ...more,
  };
}

const lossy = { status: 'warning', spectral_error: 0.36, loss_ratio: 0.203 } as const;

function tree(...racks: readonly (readonly Verdict[])[]): DatacenterHealth {
  const group = { health_score: 1, status: 'healthy' } as const;
  return {
    ...group,
    dc_id: 'dc0',
    timestamp: 100,
    racks: racks.map((servers, rackId): RackHealth => ({
      ...group,
      rack_id: rackId,
      last_report: 100,
      faults: [],
      servers,
    })),
  };
}

function event(id: number, timestamp: number, serverId: number, to: StatusEvent['to']): StatusEvent {
  const subject = { scope: 'server', rack_id: 0, server_id: serverId, name: null } as const;
  return { id, timestamp, ...subject, from: null, to, spectral_error: null, health_score: null };
}

const stall: Fault = {
  kind: 'periodic-delay',
  since: 40,
  severity: 'critical',
  confidence: 0.98,
  parameters: { period_seconds: 5, delay_seconds: 0.02, pulse_seconds: 0.3, p_value: 1e-9 },
};

test('what a healthy server loses is said too, after all that is ill', () => {
  const loses = (serverId: number) => verdict(0, serverId, { spectral_error: 0.17, loss_ratio: 0.17 });
  const ill = verdict(1, 0, { status: 'silent', spectral_error: 1 });
  const [first, second] = findingsOf(tree([loses(0), verdict(0, 1)], [ill]), []);
  assert.equal(first?.status, 'silent');
  assert.equal(second?.status, 'healthy');
  assert.equal(second?.what, 'healthy, but 17.0\u202f% of its packets are lost');
  assert.equal(wordsOf(loses(0), [])[0], 'loss 17.0\u202f%');
  const all = findingsOf(tree([loses(0), loses(1), loses(2)]), []);
  assert.deepEqual(
    all.map(({ who, status }) => `${who}: ${status}`),
    ['Rack 0, all 3 servers: healthy'],
  );
});

test('jitter of a healthy server is not told while its controller was late itself', () => {
  const uneven = { jitter_seconds: 0.02 };
  const late: Fault = { kind: 'observer', since: 40, severity: 'info', confidence: 0.5, parameters: {} };
  assert.equal(findingsOf(tree([verdict(0, 0, uneven)]), []).length, 1);
  assert.equal(findingsOf(tree([verdict(0, 0, { ...uneven, faults: [late] })]), []).length, 0);
});

test('nothing is wrong with what is healthy, or not judged yet', () => {
  const health = tree([verdict(0, 0), verdict(0, 1, { status: 'warming', spectral_error: null })]);
  assert.deepEqual(findingsOf(health, []), []);
  assert.equal(allWellWords(health), '1 of 2 servers was not heard long enough to judge it yet.');
  assert.equal(allWellWords(tree([verdict(0, 0), verdict(0, 1)])), 'All 2 servers are healthy.');
  assert.equal(allWellWords(tree([])), 'No server has been heard yet.');
});

test('a sentence has who, what, since when and how sure', () => {
  const sick = verdict(0, 5, { name: 'db-17', status: 'critical', spectral_error: 0.8, faults: [stall] });
  const [finding] = findingsOf(tree([sick]), []);
  assert.ok(finding);
  const expected = `Rack 0, server 5 (db-17): it stalls every 5.0 s, by 20 ms for 300 ms, since ${timeWords(40)}, for 60 s. p = 1e−9.`;
  assert.equal(sentenceOf(finding, 100).replaceAll('\u202f', ' '), expected);
});

test('the worst comes first: silent, critical, warning, and of these the larger error', () => {
  const health = tree([
    verdict(0, 0, { ...lossy, spectral_error: 0.3 }),
    verdict(0, 1, lossy),
    verdict(0, 2, { status: 'silent', spectral_error: null }),
    verdict(0, 3, { status: 'critical', spectral_error: 0.6, jitter_seconds: 0.05 }),
    verdict(0, 4),
    verdict(0, 5),
  ]);
  assert.deepEqual(
    findingsOf(health, []).map(({ serverId }) => serverId),
    [2, 3, 1, 0],
  );
});

test('a finding keeps its key and its place while its figures change a little', () => {
  const keysOf = (loss: number) => {
    const slightly = { ...lossy, spectral_error: 0.32 + loss / 10, loss_ratio: loss };
    const one = tree([verdict(0, 0, lossy), verdict(0, 1, slightly), verdict(0, 2), verdict(0, 3), verdict(0, 4)]);
    return findingsOf(one, []).map(({ key }) => key);
  };
  assert.deepEqual(keysOf(0.2), ['0/0', '0/1']);
  assert.deepEqual(keysOf(0.5), keysOf(0.2));
});

test('what half of a rack has in common is one line, with the worst of it', () => {
  const servers = [0, 1, 2, 3].map((id) => verdict(0, id, { ...lossy, loss_ratio: 0.1 + id / 100 }));
  const [all, ...others] = findingsOf(tree(servers), []);
  assert.deepEqual(others, []);
  assert.equal(all?.who, 'Rack 0, all 4 servers');
  assert.equal(all.serverId, null);
  assert.equal(all.what, 'loss 13.0\u202f% at the worst, the rack or its link');
  const [some] = findingsOf(tree([...servers, verdict(0, 4)]), []);
  assert.equal(some?.who, 'Rack 0, 4 of 5 servers');
  const few = findingsOf(tree([...servers.slice(0, 3), ...[4, 5, 6, 7].map((id) => verdict(0, id))]), []);
  assert.equal(few.length, 3, 'three of seven are told one by one');
});

test('a rack whose reports stopped is one line, whatever was known of its servers', () => {
  const health = tree([verdict(0, 0, lossy)]);
  const silent = { ...health, racks: health.racks.map((rack) => ({ ...rack, status: 'silent' as const })) };
  const [finding, ...others] = findingsOf(silent, []);
  assert.deepEqual(others, []);
  assert.ok(finding);
  assert.equal(sentenceOf(finding, 103), `Rack 0: it has not reported since ${timeWords(100)}, for 3\u202fs.`);
  assert.equal(finding.help?.path, '/runbooks/rack-not-reporting');
});

test('a rack that never reported is not said to have stopped', () => {
  const health = tree([], [verdict(1, 0)]);
  const never = { health_score: null, status: 'silent', last_report: null } as const;
  const late = { ...health, racks: health.racks.map((rack) => (rack.rack_id === 0 ? { ...rack, ...never } : rack)) };
  const [finding] = findingsOf(late, []);
  assert.ok(finding);
  assert.equal(sentenceOf(finding, 103), 'Rack 0: it has never reported to this controller.');
  assert.equal(stateWords(late, null), '1 of 2 racks never reported');
  assert.equal(rackScoreWords({ status: 'silent', health_score: 0 }), '–');
  assert.equal(rackScoreWords({ status: 'degraded', health_score: 0.75 }), '0.750');
});

test('while racks are awaited, those that were heard are not said to be all', () => {
  const health = tree([verdict(0, 0)], []);
  const awaited = { health_score: null, status: 'warming', last_report: null } as const;
  const begun = { ...health, racks: health.racks.map((rack) => (rack.rack_id === 1 ? { ...rack, ...awaited } : rack)) };
  assert.equal(allWellWords(begun), '1 of 2 racks did not report yet.');
});

test('what stood so before the controller was lost is told in the past', () => {
  const health = tree([verdict(0, 0), verdict(0, 1)]);
  assert.equal(stateWords(health, null), 'All 2 servers are healthy.');
  assert.equal(stateWords(health, 100), `At ${timeWords(100)}: All 2 servers were healthy.`);
  assert.equal(stateWords(tree([verdict(0, 0)]), 100), `At ${timeWords(100)}: The one server was healthy.`);
  const ill = tree([verdict(0, 0, lossy), verdict(0, 1)]);
  assert.equal(stateWords(ill, 100), `At ${timeWords(100)}: 1 of 2 servers ill`);
});

test('since when: the events tell of the first that was ill since it was last well', () => {
  const events = [
    event(5, 90, 0, 'critical'),
    event(4, 80, 0, 'warning'),
    event(3, 70, 0, 'healthy'),
    event(2, 60, 0, 'warning'),
    event(1, 50, 1, 'warning'),
  ];
  const [finding] = findingsOf(tree([verdict(0, 0, lossy)]), events);
  assert.equal(finding?.since, 80);
});

const worst = (more: Partial<Verdict>) => troublesOf(verdict(0, 0, more))[0];

test('without a fault the measures say what is wrong, and without these the error', () => {
  assert.equal(worst(lossy)?.word, 'loss 20.3\u202f%');
  assert.equal(worst({ ...lossy, loss_ratio: 0, jitter_seconds: 0.04 })?.kind, 'jitter');
  assert.equal(worst({ ...lossy, loss_ratio: 0, delay_seconds: -0.2 })?.word, 'delay −200\u202fms');
  assert.equal(worst({ ...lossy, loss_ratio: null })?.kind, 'signal');
  assert.equal(worst({}), undefined);
});

const jitter: Fault = { ...stall, kind: 'jitter', severity: 'warning', parameters: { jitter_seconds: 0.03 } };
const drift: Fault = { ...stall, kind: 'clock-drift', severity: 'info', parameters: { change_ppm: 20 } };

test('a server has a line for each of its faults, worst first; one as ill as it is, all others as ill as they are', () => {
  const sick = verdict(0, 0, { status: 'critical', spectral_error: 0.7, faults: [drift, jitter] });
  const sicker = verdict(0, 1, { status: 'critical', spectral_error: 0.1, faults: [jitter, stall] });
  const found = findingsOf(tree([sick, sicker, verdict(0, 2), verdict(0, 3), verdict(0, 4)]), []);
  assert.deepEqual(
    found.map(({ key, status }) => `${key} ${status}`),
    ['0/0/jitter critical', '0/1/periodic-delay critical', '0/1/jitter warning'],
  );
  assert.match(
    found[0]?.what ?? '',
    /^its packets come unevenly, by 30.ms, and 70.0.% of its signal’s power is destr/u,
  );
});

test('a fault for information is said after all that is ill, of who is healthy', () => {
  const found = findingsOf(tree([verdict(0, 0, { faults: [drift] }), verdict(0, 1, lossy), verdict(0, 2)]), []);
  assert.deepEqual(
    found.map(({ serverId, status }) => [serverId, status]),
    [
      [1, 'warning'],
      [0, 'healthy'],
    ],
  );
  assert.match(found[1]?.what ?? '', /^healthy, but its clock runs off/);
  assert.match(wordsOf(verdict(0, 0, { faults: [drift] }), [])[0] ?? '', /^clock drift/);
});

const shift: RackFault = {
  ...jitter,
  kind: 'delay-shift',
  parameters: { servers: 4, shift_seconds: 0.05 },
  server_ids: [0, 1, 2, 3],
};
const rackWide: Fault = { ...shift, kind: 'rack-wide' };

test('what a rack has is one line for all that have it; what a server has besides is its own', () => {
  const withRack = { status: 'warning', delay_seconds: 0.05 } as const;
  const servers = [0, 1, 2, 3].map((id) => verdict(0, id, { ...withRack, faults: [rackWide] }));
  const alone = verdict(0, 4, { status: 'critical', faults: [stall] });
  const both = verdict(0, 3, { ...withRack, faults: [jitter, rackWide] });
  const health = tree([...servers.slice(0, 3), both, alone, verdict(0, 5)]);
  const told = { ...health, racks: health.racks.map((rack) => ({ ...rack, faults: [shift] })) };
  const found = findingsOf(told, []);
  assert.deepEqual(
    found.map(({ key, status }) => `${key} ${status}`),
    ['0/4/periodic-delay critical', '0/fault/delay-shift warning', '0/3/jitter warning'],
  );
  assert.ok(found[1]);
  assert.equal(
    sentenceOf(found[1], 100).replaceAll('\u202f', ' '),
    `Rack 0: delay +50 ms on 4 of 6 servers, since ${timeWords(40)}, for 60 s. Sure to 98.0 %.`,
  );
  const words = (one: Verdict) => wordsOf(one, [shift]).join('; ').replaceAll('\u202f', ' ');
  assert.equal(
    words({ ...both, faults: [...both.faults, drift] }),
    'jitter 30 ms; rack: delay +50 ms; clock drift +20 ppm',
  );
  assert.equal(words(alone), 'stalls every 5.0 s');
  const nameless = findingsOf(health, []);
  assert.equal(nameless[1]?.who, 'Rack 0, 3 of 6 servers', 'of a rack that does not name it');
});

test('a rack whose servers fell silent together is told once, as ill as they are', () => {
  const silent: RackFault = { ...shift, kind: 'silent', parameters: { servers: 3 }, server_ids: [0, 1, 2] };
  const gone = [0, 1, 2].map((id) => verdict(0, id, { status: 'silent', faults: [rackWide] }));
  const health = tree([...gone, verdict(0, 3)]);
  const found = findingsOf({ ...health, racks: health.racks.map((rack) => ({ ...rack, faults: [silent] })) }, []);
  assert.deepEqual(
    found.map(({ what, status }) => `${what}: ${status}`),
    ['silent on 3 of 4 servers: silent'],
  );
});

test('an error has three decimals while it is small, and three digits', () => {
  assert.deepEqual([0, 0.0004, 0.012, 0.5, 1].map(errorWords), ['0.000', '0.000', '0.012', '0.500', '1.00']);
});
