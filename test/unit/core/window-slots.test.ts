import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../../src/core/stream.ts';
import { WindowAnalyzer } from '../../../src/core/window-analyzer.ts';

const START = 1_800_000_000;
const RATE_HZ = 20;
const AMPLITUDE = 3;

interface Arrival {
  readonly delaySeconds?: number;
  readonly isReal?: boolean;
}

/** A stream that was sent slots 0 to `until` − 1, those of `holes` left out; slot k leaves k / 20 s after the start. */
function streamOf(until: number, holes: readonly number[] = [], arrivalOf: (k: number) => Arrival = () => ({})) {
  const stream = new Stream({
    rackId: 0,
    serverId: 0,
    frequencyHz: 2,
    sampleRateHz: RATE_HZ,
    windowSlots: 256,
    isAuthenticated: false,
  });
  const analyzer = new WindowAnalyzer(256);
  const arrivals = Array.from({ length: until }, (_, k) => ({ k, ...arrivalOf(k) })).filter(
    ({ k }) => !holes.includes(k),
  );
  for (const { k, delaySeconds = 0.001, isReal = false } of arrivals) {
    const sentSeconds = START + k / RATE_HZ;
    const angle = 2 * Math.PI * ((2 * sentSeconds) % 1);
    const re = isReal ? null : AMPLITUDE * Math.cos(angle);
    const sample = { rackId: 0, serverId: 0, bootId: 1, sequence: k, sentSeconds, re, im: AMPLITUDE * Math.sin(angle) };
    stream.accept(sample, sentSeconds + delaySeconds);
    // As a rack does once a second.
    if (k % RATE_HZ === 0) analyzer.judge(stream, sentSeconds + delaySeconds);
  }
  return { stream, analyzer, lastSeconds: START + (until - 1) / RATE_HZ };
}

test('too few samples have no window', () => {
  const { stream, analyzer, lastSeconds } = streamOf(63);
  assert.equal(analyzer.window(stream, lastSeconds), null);
});

test('a clean window is one constant turn of 1 + 0j, and on time', () => {
  const { stream, analyzer, lastSeconds } = streamOf(400);
  const window = analyzer.window(stream, lastSeconds);
  assert.ok(window);
  assert.equal(window.first_slot, 400 - 256);
  assert.equal(window.sample_rate_hz, RATE_HZ);
  assert.ok(Math.abs(window.newest_sent - lastSeconds) < 1e-4);
  assert.equal(window.slots, 'r'.repeat(256));
  for (const [n, inPhase] of window.in_phase.entries()) {
    assert.ok(Math.abs(Math.hypot(inPhase ?? 0, window.quadrature[n] ?? 0) - 1) < 0.002);
    assert.ok(Math.abs((inPhase ?? 0) - (window.in_phase[0] ?? 9)) < 0.002);
    assert.equal(window.lateness_seconds[n], 0);
  }
});

test('real samples give the same', () => {
  const { stream, analyzer, lastSeconds } = streamOf(400, [], () => ({ isReal: true }));
  const window = analyzer.window(stream, lastSeconds);
  const radii = window?.in_phase.map((inPhase, n) => Math.hypot(inPhase ?? 0, window.quadrature[n] ?? 0)) ?? [];
  assert.equal(radii.length, 256);
  assert.ok(radii.every((radius) => Math.abs(radius - 1) < 0.01));
});

test('a hole is lost once its deadline of 2 s has passed, and until then it is waited for', () => {
  const { stream, analyzer, lastSeconds } = streamOf(400, [300, 380]);
  const window = analyzer.window(stream, lastSeconds);
  assert.ok(window);
  const at = (k: number) => k - window.first_slot;
  assert.equal(window.slots[at(300)], 'l');
  assert.equal(window.slots[at(380)], 'w');
  assert.equal(window.slots.replaceAll('r', '').length, 2);
  for (const list of [window.in_phase, window.quadrature, window.lateness_seconds]) {
    assert.equal(list.length, 256);
    assert.deepEqual([list[at(300)], list[at(380)]], [null, null]);
  }
});

test('a late sample shows its lateness, to 10 µs, and its turn', () => {
  const { stream, analyzer, lastSeconds } = streamOf(400, [], (k) => (k === 390 ? { delaySeconds: 0.0260049 } : {}));
  const window = analyzer.window(stream, lastSeconds);
  assert.ok(window);
  const n = 390 - window.first_slot;
  assert.equal(window.lateness_seconds[n], 0.025);
  const turn = (m: number) => Math.atan2(window.quadrature[m] ?? 0, window.in_phase[m] ?? 0);
  const turned = (turn(n) - turn(n - 1)) / (2 * Math.PI);
  // 25 ms at 2 Hz are a twentieth of a turn, backwards.
  assert.ok(Math.abs(turned - Math.round(turned) + 0.05) < 0.001, `${turned} turns`);
});

test('the window of a silent stream moves on: first it waits, then all is lost', () => {
  const { stream, analyzer, lastSeconds } = streamOf(400);
  const soon = analyzer.window(stream, lastSeconds + 0.001 + 3);
  assert.equal(soon?.slots.slice(-60), 'l'.repeat(20) + 'w'.repeat(40));
  assert.ok(Math.abs((soon?.newest_sent ?? 0) - (lastSeconds + 3)) < 1e-3);
  const later = analyzer.window(stream, lastSeconds + 1000);
  assert.match(later?.slots ?? '', /^l{216}w{40}$/);
});
