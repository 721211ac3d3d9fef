import { openUdpReceiver } from '../../io/udp-receiver.ts';
import { runCommand } from '../../io/run-command.ts';
import { IsolationError } from './isolation-error.ts';
import { inNamespace, type NetnsRack } from './netns-plan.ts';

/** Far beyond what it takes, so that only what never comes is missed. */
const DEADLINE_MS = 10_000;
const INTERVAL_MS = 100;

/**
 * Makes sure that a datagram of a server comes through to its rack: it passes this host's INPUT chain, where a firewall
 * may drop it without a word.
 * @throws IsolationError that names the rack when nothing arrived
 */
export async function checkReach({ rackId, address, servers }: NetnsRack): Promise<void> {
  const [server] = servers;
  if (server === undefined) return;
  const arrived = new AbortController();
  const receiver = await openUdpReceiver({
    host: address,
    port: 0,
    purpose: 'a first sign of a namespace',
    onMessage: () => arrived.abort(),
    onError: () => {},
  });
  try {
    const command = [...inNamespace(server.name), process.execPath, '-e', senderCode(address, receiver.address.port)];
    const { code, problem } = await runCommand(command, { timeoutMs: DEADLINE_MS, signal: arrived.signal });
    if (code !== null) throw new IsolationError(`in the namespace ${server.name} nothing can be sent: ${problem}`);
    throw new IsolationError(
      `what server ${server.serverId} of rack ${rackId} sends to ${address} did not arrive within ` +
        `${DEADLINE_MS / 1000} s. A firewall of this host may drop it in its INPUT chain; ` +
        'let the bridges of labs in: iptables -I INPUT -i nw+ -j ACCEPT',
    );
  } catch (error) {
    if (!arrived.signal.aborted) throw error;
  } finally {
    await receiver.close();
  }
}

/** A program that sends a datagram again and again, and ends by itself when nobody has ended it. */
function senderCode(address: string, port: number): string {
  return `
    const socket = require('node:dgram').createSocket('udp4');
    let left = ${(2 * DEADLINE_MS) / INTERVAL_MS};
    const timer = setInterval(() => {
      if (left-- > 0) return socket.send('?', ${port}, ${JSON.stringify(address)});
      clearInterval(timer);
      socket.close();
    }, ${INTERVAL_MS});
  `;
}
