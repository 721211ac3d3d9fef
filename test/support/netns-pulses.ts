import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseDuration } from '../../src/config/duration.ts';
import type { LabFile } from '../../src/wire/lab-file.ts';
import type { Break } from './detection-breaker.ts';
import type { Ending } from './running-lab.ts';

const RULE = 'qdisc replace dev eth0 root handle 4e57: netem';

/**
 * Breaks a server's network in pulses, by one `tc` for all of them that reads its commands. A holder begins two
 * processes at each edge, and where there is one slow core, that is heard beside what they do.
 */
export function breakInPulses(context: Ending, { namespaces }: Pick<LabFile, 'namespaces'>): Break {
  return async ({ rackId, serverIds }, { inject, pulse }) => {
    const [serverId] = serverIds;
    const place = namespaces.find((each) => each.rack_id === rackId && each.server_id === serverId);
    const [everySeconds, forSeconds] = [parseDuration(pulse?.every ?? ''), parseDuration(pulse?.for ?? '')];
    assert.ok(place && everySeconds !== null && forSeconds !== null && serverIds.length === 1);
    const rule = Object.entries(inject ?? {})
      .flat()
      .join(' ');
    const tc = spawn('ip', ['netns', 'exec', place.namespace, 'tc', '-batch', '-'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = once(tc, 'exit');
    let offTimer: NodeJS.Timeout | undefined;
    const pulseOnce = () => {
      tc.stdin.write(`${RULE} ${rule}\n`);
      offTimer = setTimeout(() => tc.stdin.write(`${RULE} delay 0ms\n`), 1000 * forSeconds);
    };
    const everyTimer = setInterval(pulseOnce, 1000 * everySeconds);
    const beganSeconds = Date.now() / 1000;
    pulseOnce();
    const clear = async () => {
      clearInterval(everyTimer);
      clearTimeout(offTimer);
      if (!tc.stdin.writableEnded) tc.stdin.end('qdisc del dev eth0 root\n');
      assert.deepEqual(await ended, [0, null]);
    };
    context.after(clear);
    return { beganSeconds, clear };
  };
}
