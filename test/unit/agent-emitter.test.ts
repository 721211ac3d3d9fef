import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createEmitter } from '../../src/agent/emitter.ts';
import { createVoices } from '../../src/agent/voice.ts';
import { agentSpec } from '../../src/config/agent.ts';
import { loadConfig } from '../../src/config/load.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';

const startSeconds = 1_800_000_000;
const config = {
  ...loadConfig(agentSpec, { flags: {}, env: {}, file: undefined }),
  serverIds: [3, 4],
};

/** An emitter of two servers at 20 samples/s, in a time that only moves when told. */
function emitterInFakeTime() {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  let nowSeconds = startSeconds;
  let bootId = 100;
  const sent: string[] = [];
  const lags: number[] = [];
  const stalls: number[] = [];
  const emitter = createEmitter({
    voices: createVoices({ config, version: '1.2.3', key: null }),
    sampleRateHz: config.sampleRateHz,
    clock: {
      anchor: { wallSeconds: startSeconds, monotonicSeconds: 0 },
      // Time passes while datagrams are made, so that one time for several of them would show.
      nowSeconds: () => (nowSeconds += 1e-6),
    },
    drawBootId: () => ++bootId,
    onSample: (_place, lagSeconds) => lags.push(lagSeconds),
    onStall: (behindSeconds) => stalls.push(behindSeconds),
  });
  return {
    emitter,
    sent,
    lags,
    stalls,
    send: (bytes: Uint8Array) => void sent.push(describe(bytes)),
    /** Moves clock and timers together. */
    pass: (milliseconds: number): void => {
      for (let n = 0; n < milliseconds; n++) {
        nowSeconds += 0.001;
        mock.timers.tick(1);
      }
    },
    /** The clock moves on, the timers are not served: a process that did not run. */
    stop: (seconds: number): void => {
      nowSeconds += seconds;
    },
    taken: () => sent.splice(0),
  };
}

/** `announce SERVER boot BOOT`, or `SERVER#SEQUENCE boot BOOT`. */
function describe(bytes: Uint8Array): string {
  const decoded = decodeDatagram(bytes, { key: null });
  assert.ok(decoded.kind !== 'rejected');
  if (decoded.kind === 'announcement') {
    return `announce ${decoded.announcement.serverId} boot ${decoded.announcement.bootId}`;
  }
  const { serverId, sequence, bootId } = decoded.sample;
  return `${serverId}#${sequence} boot ${bootId}`;
}

test('nothing goes out before the start; then announcements, then a sample of each server in each interval', () => {
  const { emitter, send, pass, taken } = emitterInFakeTime();
  pass(200);
  assert.equal(emitter.isRunning, false);
  emitter.start(send);
  assert.equal(emitter.isRunning, true);
  assert.deepEqual(taken(), ['announce 3 boot 101', 'announce 4 boot 101', '3#0 boot 101', '4#0 boot 101']);
  pass(51);
  assert.deepEqual(taken(), ['3#1 boot 101', '4#1 boot 101']);
  emitter.start(send);
  assert.deepEqual(taken(), [], 'a second start does nothing');
  emitter.close();
});

test('each server is announced again every 10 s, and sends 20 samples a second meanwhile', () => {
  const { emitter, send, pass, taken, stalls } = emitterInFakeTime();
  emitter.start(send);
  pass(9_900);
  assert.equal(taken().filter((line) => line.startsWith('announce')).length, 2);
  pass(10_000);
  const lines = taken();
  assert.equal(lines.filter((line) => line.startsWith('announce')).length, 2);
  assert.equal(lines.filter((line) => line.startsWith('3#')).length, 200);
  assert.deepEqual(stalls, []);
  emitter.close();
});

test('after 0.3 s without a turn the missed samples go out at once, in order, and each with its own lag', () => {
  const { emitter, send, pass, stop, taken, lags, stalls } = emitterInFakeTime();
  emitter.start(send);
  pass(1);
  taken();
  lags.length = 0;
  stop(0.3);
  pass(50);
  const sequences = taken().map((line) => line.split(' ')[0]);
  assert.deepEqual(
    sequences.slice(0, 14),
    [1, 2, 3, 4, 5, 6, 7].flatMap((sequence) => [`3#${sequence}`, `4#${sequence}`]),
  );
  assert.ok(Math.abs((lags[0] ?? 0) - 0.3) < 0.005, `the first missed sample was ${lags[0]} s late`);
  assert.ok(Math.abs(lags[12] ?? 1) < 0.005, `the last one was ${lags[12]} s late`);
  assert.equal(new Set(lags.slice(0, 14).map((lag) => lag.toFixed(6))).size, 14, 'each has its own send time');
  assert.deepEqual(stalls, []);
  emitter.close();
});

test('after more than 1 s without a turn it is a new boot, announced, from sequence 0, without a burst', () => {
  const { emitter, send, pass, stop, taken, stalls } = emitterInFakeTime();
  emitter.start(send);
  pass(500);
  taken();
  stop(3600);
  pass(50);
  assert.deepEqual(taken(), ['announce 3 boot 102', 'announce 4 boot 102', '3#0 boot 102', '4#0 boot 102']);
  assert.equal(stalls.length, 1);
  assert.ok(Math.abs((stalls[0] ?? 0) - 3600) < 0.1);
  pass(50);
  assert.deepEqual(taken(), ['3#1 boot 102', '4#1 boot 102']);
  emitter.close();
});

test('nothing goes out after a close, not even when it is started after it', () => {
  const { emitter, send, pass, taken } = emitterInFakeTime();
  emitter.start(send);
  pass(500);
  taken();
  emitter.close();
  emitter.close();
  assert.equal(emitter.isRunning, false);
  emitter.start(send);
  pass(2000);
  assert.deepEqual(taken(), []);
});

test('an agent that could not be announced is refused before it starts', () => {
  const tooLong = { ...config, labels: { note: 'x'.repeat(600) } };
  const voices = createVoices({ config: tooLong, version: '1.2.3', key: null });
  const clock = { anchor: { wallSeconds: 0, monotonicSeconds: 0 }, nowSeconds: () => startSeconds };
  const nothing = (): void => {};
  assert.throws(
    () => createEmitter({ voices, sampleRateHz: 20, clock, drawBootId: () => 1, onSample: nothing, onStall: nothing }),
    { name: 'RangeError', message: /labels/ },
  );
});
