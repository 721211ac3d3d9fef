// How much a rack holds for each server, without what a process holds anyway: the heap and its buffers before and after
// many servers were heard and judged. Started with --expose-gc.

import { createTone } from '../../src/core/tone.ts';
import { parseFrequencyPlan, toneHz } from '../../src/core/frequency-plan.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import { createIntake } from '../../src/rack/intake.ts';
import { Rejections } from '../../src/rack/rejections.ts';
import { ServerTable } from '../../src/rack/server-table.ts';
import { encodeAnnouncement } from '../../src/wire/announcement.ts';
import { encodeSample } from '../../src/wire/sample-datagram.ts';

const SERVERS = 1000;
const WINDOW_SLOTS = 256;
const SAMPLE_RATE_HZ = 20;
const START_SECONDS = 1_800_000_000;
/** Long enough for the clock's whole history of four minutes. */
const HEARD_SECONDS = 300;

const plan = parseFrequencyPlan('band:1-8');

function createRack() {
  const servers = new ServerTable({
    rackId: 0,
    plan,
    sampleRateHz: SAMPLE_RATE_HZ,
    windowSlots: WINDOW_SLOTS,
    maxServers: 2 * SERVERS,
    expectedServerIds: null,
    forgetAfterSeconds: 900,
    isAuthenticated: false,
    startedSeconds: START_SECONDS,
    keepsHistory: true,
  });
  const limits = { maxClockOffsetSeconds: 300, rejections: new Rejections(), onMismatch: () => {} };
  const intake = createIntake({ rackId: 0, key: null, servers, ...limits });
  const take = (bytes: Buffer, receivedSeconds: number): void => {
    intake(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, receivedSeconds, 0);
  };
  return { servers, take, analyzer: new WindowAnalyzer(WINDOW_SLOTS) };
}

/** Lets servers be heard, named and judged every second. */
function hear({ servers, take, analyzer }: ReturnType<typeof createRack>, serverIds: readonly number[]): void {
  const tones = serverIds.map((serverId) => ({ serverId, tone: createTone(toneHz(plan, 0, serverId)) }));
  for (let slot = 0; slot < HEARD_SECONDS * SAMPLE_RATE_HZ; slot++) {
    const sentSeconds = START_SECONDS + slot / SAMPLE_RATE_HZ;
    for (const { serverId, tone } of tones) {
      const [re, im] = [tone.quadrature(sentSeconds), tone.inPhase(sentSeconds)];
      const sample = { rackId: 0, serverId, bootId: serverId, sequence: slot, sentSeconds, re, im };
      take(encodeSample(sample, null), sentSeconds + 0.0002);
      if (slot > 0) continue;
      const about = { name: `rack-0-server-${serverId}`, version: '0.1.0', labels: { site: 'here' } };
      const sings = { sampleRateHz: SAMPLE_RATE_HZ, frequencyHz: tone.frequencyHz };
      take(encodeAnnouncement({ rackId: 0, serverId, bootId: serverId, ...about, ...sings }, null), sentSeconds);
    }
    if (slot % SAMPLE_RATE_HZ === 0) servers.judge(analyzer, sentSeconds, null);
  }
}

function heldBytes(): { heap: number; buffers: number } {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers };
}

// What code and its compilation hold is not of any server: a rack of a few is heard first, and kept.
const first = createRack();
hear(first, [0, 1, 2, 3]);
const rack = createRack();
const before = heldBytes();
hear(
  rack,
  Array.from({ length: SERVERS }, (_, serverId) => serverId),
);
const after = heldBytes();
process.send?.({
  servers: rack.servers.size,
  heap: (after.heap - before.heap) / rack.servers.size,
  buffers: (after.buffers - before.buffers) / rack.servers.size,
  first: first.servers.size,
});
process.disconnect();
