import { createSocket } from 'node:dgram';
import type { TestContext } from 'node:test';
import { createTone } from '../../src/core/tone.ts';
import { toneHz } from '../../src/core/frequency-plan.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';

const INTERVAL_MS = 50;

/** Sings the tone of a server to a rack of this machine until the test ends, by a clock that runs off by this much. */
export function startSkewedSinger(
  context: TestContext,
  singer: { readonly rackId: number; readonly serverId: number; readonly port: number; readonly skewPpm: number },
): void {
  const { rackId, serverId, port, skewPpm } = singer;
  const tone = createTone(toneHz({ kind: 'default' }, rackId, serverId));
  const socket = createSocket('udp4').unref();
  const startSeconds = Date.now() / 1000;
  const startMs = performance.now();
  let sequence = 0;
  const timer = setInterval(() => {
    const elapsedSeconds = (performance.now() - startMs) / 1000;
    const sentSeconds = startSeconds + elapsedSeconds * (1 + skewPpm / 1e6);
    const [re, im] = [tone.quadrature(sentSeconds), tone.inPhase(sentSeconds)];
    socket.send(encodeSample({ rackId, serverId, bootId: 1, sequence, sentSeconds, re, im }, null), port, '127.0.0.1');
    sequence += 1;
  }, INTERVAL_MS);
  context.after(() => {
    clearInterval(timer);
    socket.close();
  });
}
