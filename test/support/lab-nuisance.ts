import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { RunningLab } from './running-lab.ts';

const EVERY_MS = 500;
const STOPPED_MS = 150;
const DATAGRAMS = 20;
/** More than a datacenter takes, so that some are turned away. */
const CONNECTIONS = 260;

/**
 * Does to a lab over loopback what strangers might, again and again until the test ends, so that rates of it do not
 * fall back to 0: datagrams that are none to every rack, report lines that are none, more connections than are taken,
 * announcements of chaos without the token, a socket where there is none. One rack is stopped for moments, so that it listens late.
 */
export function startNuisance(
  context: TestContext,
  lab: RunningLab,
  { racks, lateRack }: { racks: number; lateRack: number },
): void {
  const datagrams = createSocket('udp4').unref();
  const strangers = createStrangers(lab.basePort);
  const latePid = lab.pid(`rack-${lateRack}`);
  const timer = setInterval(() => {
    for (let n = 0; n < DATAGRAMS; n++) datagrams.send('no sample', lab.basePort + 100 + (n % racks), '127.0.0.1');
    strangers.say('no report\n');
    strangers.crowd();
    void announceWithoutToken(lab.basePort + 1);
    openWrongSocket(lab.basePort + 1);
    signal(latePid, 'SIGSTOP');
    setTimeout(() => signal(latePid, 'SIGCONT'), STOPPED_MS);
  }, EVERY_MS);
  context.after(() => {
    clearInterval(timer);
    datagrams.close();
    strangers.leave();
    signal(latePid, 'SIGCONT');
  });
}

/** Connections to the port of the reports that are of no rack. */
function createStrangers(port: number) {
  const sockets = new Set<Socket>();
  const say = (text: string) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    sockets.add(socket);
    socket.on('error', () => sockets.delete(socket)).on('close', () => sockets.delete(socket));
  };
  return {
    say,
    crowd: () => {
      while (sockets.size < CONNECTIONS) say('');
    },
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function announceWithoutToken(apiPort: number): Promise<void> {
  try {
    const response = await fetch(`http://127.0.0.1:${apiPort}/api/v1/chaos/begin`, { method: 'POST' });
    await response.arrayBuffer();
  } catch {
    // The datacenter is gone: that is an outage, and no matter here.
  }
}

function openWrongSocket(apiPort: number): void {
  const socket = new WebSocket(`ws://127.0.0.1:${apiPort}/no-socket`);
  // It is refused, which is what it is for.
  socket.addEventListener('error', () => undefined);
}

/** Sends a signal to a process that may have ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
