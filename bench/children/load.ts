// Sends the tones of many servers as cheaply as Node can: one buffer a server, in which only the sequence number, the
// send time and the sample are written anew, from one connected socket, all that is due at each tick of a timer.

import { createSocket } from 'node:dgram';
import { createTone, type Tone } from '../../src/core/tone.ts';
import { parseFrequencyPlan, toneHz } from '../../src/core/frequency-plan.ts';
import { createWallClock } from '../../src/io/clock.ts';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';
import type { LoadRequest } from '../load.ts';

const TICK_MS = 1;
/** What is due later than this is not made up for: the load becomes slower, not burstier. */
const MAX_BEHIND_SECONDS = 0.02;
const RACK_ID = 0;

interface Voice {
  readonly bytes: Buffer;
  readonly tone: Tone;
}

const clock = createWallClock();
const socket = createSocket('udp4');

process.on('disconnect', () => process.exit());
process.on('message', (request: LoadRequest) => {
  socket.connect(request.port, '127.0.0.1', () => send(request));
});

function send(request: LoadRequest): void {
  const { seconds, servers, sampleRateHz } = request;
  const bootId = Math.floor(Math.random() * 2 ** 32);
  const voices = createVoices(request, bootId);
  const datagramsPerSecond = servers * sampleRateHz;
  const beganSeconds = clock.nowSeconds();
  const dueAfter = (sent: number): number => sent / datagramsPerSecond;
  let startSeconds = beganSeconds;
  let sent = 0;

  function tick(): void {
    const now = clock.nowSeconds();
    if (now - beganSeconds >= seconds) return finish(now);
    startSeconds = Math.max(startSeconds, now - dueAfter(sent) - MAX_BEHIND_SECONDS);
    for (const due = Math.floor((now - startSeconds) * datagramsPerSecond); sent < due; sent++) {
      const voice = voices[sent % servers];
      if (voice) socket.send(sample(voice, Math.floor(sent / servers), clock.nowSeconds()));
    }
    setTimeout(tick, TICK_MS);
  }
  function finish(now: number): void {
    socket.disconnect();
    process.send?.({ sent, seconds: now - beganSeconds });
  }
  if (request.isAnnounced) announce(request, bootId);
  tick();
}

function createVoices({ servers, frequencyPlanText }: LoadRequest, bootId: number): readonly Voice[] {
  const plan = parseFrequencyPlan(frequencyPlanText);
  return Array.from({ length: servers }, (_, serverId) => ({
    bytes: encodeSample({ rackId: RACK_ID, serverId, bootId, sequence: 0, sentSeconds: 1, re: 1, im: 0 }, null),
    tone: createTone(toneHz(plan, RACK_ID, serverId)),
  }));
}

/** The layout of the binary sample is told in src/wire/sample-datagram.ts. */
function sample({ bytes, tone }: Voice, sequence: number, nowSeconds: number): Buffer {
  const sentNs = Math.round(nowSeconds * 1e9);
  const sentSeconds = sentNs / 1e9;
  const high = Math.floor(sentNs / 2 ** 32);
  bytes.writeUInt32BE(sequence, 12);
  bytes.writeUInt32BE(high, 16);
  bytes.writeUInt32BE(sentNs - high * 2 ** 32, 20);
  bytes.writeFloatBE(tone.inPhase(sentSeconds), 24);
  bytes.writeFloatBE(tone.quadrature(sentSeconds), 28);
  return bytes;
}

function announce({ servers, frequencyPlanText, sampleRateHz }: LoadRequest, bootId: number): void {
  const plan = parseFrequencyPlan(frequencyPlanText);
  for (let serverId = 0; serverId < servers; serverId++) {
    const frequencyHz = toneHz(plan, RACK_ID, serverId);
    const about = { name: `rack-0-server-${serverId}`, version: '0.0.0', sampleRateHz, frequencyHz, labels: {} };
    socket.send(encodeAnnouncement({ rackId: RACK_ID, serverId, bootId, ...about }, null));
  }
}
