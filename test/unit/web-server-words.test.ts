import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault, Verdict } from '../../src/core/verdict.ts';
import type { ServerHistory } from '../../src/wire/api/history.ts';
import type { Heard } from '../../src/web/server/heard.ts';
import {
  agoWords,
  percentWords,
  periodWords,
  signed,
  spanWords,
  threeDigits,
  timeWords,
  withUnit,
} from '../../src/web/words/number-words.ts';
import { statusSince, verdictWords } from '../../src/web/server/verdict-sentence.ts';

const NOW = 1_800_000_000;
const CLEAN: Verdict = {
  rack_id: 2,
  server_id: 5,
  name: 'db-17',
  status: 'healthy',
  spectral_error: 0.0002,
  snr_db: 36.2,
  loss_ratio: 0,
  delay_seconds: 0.0001,
  jitter_seconds: 0.0002,
  clock_skew_ppm: 12,
  expected_frequency_hz: 3.25,
  sample_rate_hz: 20,
  last_heard: NOW,
  faults: [],
};
const LOSSY: Verdict = { ...CLEAN, status: 'warning', spectral_error: 0.213, snr_db: 5.7, loss_ratio: 0.213 };

const sentence = (verdict: Verdict | null, history: ServerHistory | null = null, heard: Heard | null = null) =>
  verdictWords({ rackId: 2, serverId: 5, verdict, rack: null, history, heard, nowSeconds: NOW }).sentence.replaceAll(
    '\u202f',
    ' ',
  );
const notes = (verdict: Verdict) =>
  verdictWords({ rackId: 2, serverId: 5, verdict, rack: null, history: null, heard: null, nowSeconds: NOW }).notes.join(
    ' ',
  );

test('numbers have three significant digits, a true minus and a unit that stays with them', () => {
  const cases = [21.3456, 0.001234, 1234.5, -5.678, 99.96, 9.9951, 0, 1e-9, 999.6].map(threeDigits);
  assert.deepEqual(cases, ['21.3', '0.00123', '1235', '−5.68', '100', '10.0', '0', '0', '1000']);
  assert.equal(withUnit(5.7, 'dB'), '5.70\u202fdB');
  assert.equal(withUnit(null, 'dB'), '–');
  assert.equal(percentWords(0.213), '21.3\u202f%');
});

test('spans of time choose their unit', () => {
  const cases = [0.0000123, 0.00456, 5, 192, null].map((span) => spanWords(span).replace('\u202f', ' '));
  assert.deepEqual(cases, ['12.3 µs', '4.56 ms', '5.00 s', '3.20 min', '–']);
  assert.deepEqual(['4.56 ms', '−1 ms', '0 µs', '–'].map(signed), ['+4.56 ms', '−1 ms', '0 µs', '–']);
  assert.deepEqual(
    [-1, 4.2, 130, 7300].map((span) => agoWords(span).replace('\u202f', ' ')),
    ['0 s', '4 s', '2 min', '2 h'],
  );
});

test('a period read off a spectrum has two digits', () => {
  assert.deepEqual(
    [5.04, 0.842, 12.8, 0.9949].map((period) => periodWords(period).replace('\u202f', ' ')),
    ['5.0 s', '840 ms', '13 s', '990 ms'],
  );
});

test('a healthy server is said to be healthy, and how much of its tone arrives', () => {
  assert.equal(
    sentence(CLEAN),
    'Rack 2, server 5 (db-17) is healthy: its tone arrives whole but for 0.0200 % of its power; the tone stands 36.2 dB above the noise.',
  );
});

test('a healthy server that loses packets is not said to be whole', () => {
  assert.match(
    sentence({ ...CLEAN, spectral_error: 0.18, loss_ratio: 0.194 }),
    /its error of 18.0 % is small, but 19.4 % of its/,
  );
});

test('loss is the reason, since the status began', () => {
  const history = historyOf(['healthy', 'warning', 'warning']);
  assert.equal(
    sentence(LOSSY, history),
    `Rack 2, server 5 (db-17) is impaired (warning): 21.3 % of its packets are lost since ${timeWords(NOW - 2)}; the tone stands 5.70 dB above the noise.`,
  );
});

test('a status that began before the first that is remembered is said so', () => {
  assert.match(sentence(LOSSY, historyOf(['warning', 'warning'])), /since \d\d:\d\d:\d\d or before;/);
  assert.deepEqual(statusSince(historyOf(['healthy', 'healthy']), 'warning'), null);
});

const STALL: Fault = {
  kind: 'periodic-delay',
  since: NOW - 100,
  severity: 'critical',
  confidence: 1,
  parameters: { period_seconds: 5, delay_seconds: 0.02, pulse_seconds: 0.3, p_value: 1e-9 },
};
const JITTER: Fault = { ...STALL, kind: 'jitter', severity: 'warning', parameters: { jitter_seconds: 0.03 } };

test('a named fault goes first, with its figures, its own beginning and how sure it is', () => {
  const said = sentence({ ...CLEAN, status: 'critical', jitter_seconds: 0.01, faults: [JITTER, STALL] });
  assert.match(said, /critical: it stalls every 5\.0 s, by 20 ms for 300 ms, since \S+ \(p = 1e−9\); its packets come/);
  assert.ok(said.includes(`its packets come unevenly, by 30 ms; its error`), said);
  const later = { ...JITTER, since: NOW - 10 };
  const since = timeWords(NOW - 10);
  const apart = sentence({ ...CLEAN, status: 'critical', faults: [later, STALL] });
  assert.ok(apart.includes(`unevenly, by 30 ms, since ${since} (sure to 99.9 %)`), apart);
  assert.doesNotMatch(said, /shaken/, 'what a fault says the measure does not say again');
});

test('a status that only a fault has made does not contradict the error', () => {
  const said = sentence({ ...CLEAN, status: 'warning', faults: [JITTER] });
  assert.match(said, /\(warning\): its packets .*; its error of 0.0200 % alone would be healthy; the tone/);
  assert.match(sentence({ ...LOSSY, faults: [JITTER] }), /; 21.3 % of its signal’s power is destroyed; the tone/);
});

test('a fault for information is worth a look, of who is healthy and who is ill', () => {
  const drift: Fault = { ...STALL, kind: 'clock-drift', severity: 'info', parameters: { change_ppm: 20 } };
  assert.match(
    sentence({ ...CLEAN, faults: [drift] }),
    /is healthy: its tone arrives whole .*; worth a look: its clock runs off, by .*20 ppm/,
  );
  assert.match(
    sentence({ ...LOSSY, faults: [drift] }),
    /\(warning\): 21.3 % of its packets are lost; worth a look: its/,
  );
});

test('what a server has with its rack is told as the rack’s', () => {
  const shift = { ...STALL, kind: 'delay-shift', severity: 'warning', parameters: { servers: 4, shift_seconds: 0.05 } };
  const faults = [{ ...shift, kind: 'delay-shift', severity: 'warning', server_ids: [1, 2, 5, 6] } as const];
  const verdict: Verdict = { ...CLEAN, status: 'warning', faults: [{ ...STALL, kind: 'rack-wide' }] };
  const rack = { faults, servers: { length: 8 } };
  const options = { rackId: 2, serverId: 5, verdict, rack, history: null, heard: null, nowSeconds: NOW };
  const said = verdictWords(options).sentence.replaceAll('\u202f', ' ');
  assert.match(
    said,
    /\(warning\): its rack has delay \+50 ms on 4 of 8 servers, since \S+ \(sure to 99.9 %\); its error/,
  );
});

test('packets that come late, and what happens again and again, are reasons that only a frame tells', () => {
  const heard = { lateRatio: 0.121, worstLatenessSeconds: 0.501, periodSeconds: 5.02 };
  assert.match(
    sentence({ ...LOSSY, loss_ratio: 0 }, null, heard),
    /\(warning\): 12.1 % of its packets come late, by up to 501 ms; something happens every 5.0 s; the tone/,
  );
  assert.match(
    sentence({ ...LOSSY, loss_ratio: 0 }, null, { ...heard, lateRatio: 0, periodSeconds: null }),
    /though hardly/,
  );
});

test('jitter and delay are reasons, and so is a tone destroyed for no reason that shows', () => {
  assert.match(sentence({ ...LOSSY, loss_ratio: 0, jitter_seconds: 0.0211 }), /packets are shaken by 21.1 ms/);
  assert.match(sentence({ ...LOSSY, loss_ratio: 0, delay_seconds: 0.2 }), /its packets come 200 ms later than usual/);
  assert.match(sentence({ ...LOSSY, loss_ratio: 0 }), /21.3 % of its signal’s power is destroyed, though hardly/);
  assert.match(sentence({ ...LOSSY, snr_db: -3 }), /the noise stands 3.00 dB above the tone/);
  assert.match(sentence({ ...LOSSY, snr_db: -150 }), /what is heard is not its tone/);
});

test('what is not heard yet, warming or silent is said plainly', () => {
  assert.equal(sentence(null), 'Rack 2, server 5 has not been heard yet.');
  assert.match(sentence({ ...CLEAN, status: 'warming', spectral_error: null }), /is warming up: too few samples/);
  assert.match(sentence({ ...CLEAN, status: 'silent', last_heard: NOW - 9 }), /silent: last heard at .*, 9 s ago\.$/);
  assert.match(sentence({ ...CLEAN, status: 'silent', last_heard: null }), /it is expected, and was never heard/);
});

test('while the controller is lost a verdict is told in the past', () => {
  const past = {
    rackId: 2,
    serverId: 5,
    rack: null,
    history: null,
    heard: null,
    nowSeconds: NOW + 60,
    pastAtSeconds: NOW,
  };
  const words = verdictWords({ ...past, verdict: LOSSY });
  assert.deepEqual(words, {
    sentence: `Rack 2, server 5 (db-17) was impaired (warning) at ${timeWords(NOW)}.`,
    notes: [],
  });
});

test('what cannot be known is said', () => {
  assert.match(notes(CLEAN), /two clocks are not synchronised/);
  assert.match(notes({ ...CLEAN, clock_skew_ppm: null }), /skew is not known yet/);
  const observer = { kind: 'observer', since: NOW, severity: 'info', confidence: 0.5, parameters: {} } as const;
  assert.match(notes({ ...CLEAN, faults: [observer] }), /rack controller itself was late/);
});

function historyOf(status: ServerHistory['status']): ServerHistory {
  const nulls = status.map(() => null);
  return {
    timestamps: status.map((_, at) => NOW - status.length + at),
    status,
    spectral_error: nulls,
    snr_db: nulls,
    loss_ratio: nulls,
    delay_seconds: nulls,
    jitter_seconds: nulls,
  };
}
