import { createServer } from 'node:net';
import { once } from 'node:events';
import { ListenError, type ListenPlace } from '../io/listen-error.ts';
import { listenTcp } from '../io/listen-tcp.ts';
import { openUdpReceiver } from '../io/udp-receiver.ts';

/** Some ports of a lab cannot be listened on. The message names each, what it is for, and what to do. */
export class PortsError extends Error {
  override readonly name = 'PortsError';
  readonly problems: readonly ListenError[];

  constructor(problems: readonly ListenError[]) {
    const lines = problems.map(({ message }) => `  ${message}`);
    super(`the lab was not started, some of its ports are not to be had:\n${lines.join('\n')}\n${advice(problems)}`);
    this.problems = problems;
  }
}

/**
 * Listens on every place for a moment, so that a lab is started as a whole or not at all.
 * @throws PortsError that names every place where it could not
 */
export async function checkPorts(places: readonly ListenPlace[]): Promise<void> {
  const tried = await Promise.allSettled(
    places.map((place) => (place.protocol === 'tcp' ? tryTcp(place) : tryUdp(place))),
  );
  const problems = tried.filter((result) => result.status === 'rejected').map(({ reason }) => toListenError(reason));
  if (problems.length > 0) throw new PortsError(problems);
}

async function tryTcp(place: ListenPlace): Promise<void> {
  const server = createServer();
  await listenTcp(server, place);
  const closed = once(server, 'close');
  server.close();
  await closed;
}

async function tryUdp({ host, port, purpose }: ListenPlace): Promise<void> {
  const ignore = (): void => {};
  const receiver = await openUdpReceiver({ host, port, purpose, onMessage: ignore, onError: ignore });
  await receiver.close();
}

function toListenError(reason: unknown): ListenError {
  if (reason instanceof ListenError) return reason;
  throw reason;
}

function advice(problems: readonly ListenError[]): string {
  const codes = new Set(problems.map(({ code }) => code));
  if (codes.has('EADDRINUSE')) {
    return 'Another lab or controller may be running: end it, or give this lab other ports, such as --base-port 20000.';
  }
  if (codes.has('EACCES')) return 'Give ports that this user may use, such as --base-port 20000.';
  return 'Give an address of this machine with --host, such as 127.0.0.1.';
}
