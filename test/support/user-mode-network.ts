import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { waitUntil } from './wait-until.ts';

/** Answers questions for names inside with what the machine's own resolver says. */
export const USER_MODE_DNS = '10.0.2.3';

/**
 * Gives a network namespace a way to the world through an ordinary process that makes its connections for it. Nothing
 * of the machine's own network is changed, and what listens on the machine's loopback is not reached.
 */
export class UserModeNetwork {
  readonly #starting: Promise<ChildProcess>;
  #isClosed = false;

  /** @param namespace its path; it may still be this process's own and become another, as `unshare` does it */
  constructor(namespace: string) {
    this.#starting = this.#start(namespace);
    // Who waits for it is told.
    this.#starting.catch(() => {});
  }

  /** Resolves once the namespace has its address and its route. @throws Error when there is no way out */
  async ready(): Promise<void> {
    await this.#starting;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const child = await this.#starting.catch(() => null);
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async #start(namespace: string): Promise<ChildProcess> {
    const own = readlinkSync('/proc/self/ns/net');
    await waitUntil('the engine has a network of its own', () => this.#isClosed || readlinkSync(namespace) !== own);
    if (this.#isClosed) throw new Error('the network was closed before it was there');
    const flags = ['--configure', '--mtu=65520', '--disable-host-loopback', '--ready-fd=3', '--netns-type=path'];
    // It dies with the process of the test too, however that ends.
    const args = ['--pdeathsig', 'KILL', 'slirp4netns', ...flags, namespace, 'tap0'];
    const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const ready = child.stdio[3];
    if (!ready) throw new Error('slirp4netns has no place to say that it is ready');
    await Promise.race([once(ready, 'data'), once(child, 'exit')]);
    if (child.exitCode !== null) throw new Error(`slirp4netns ended: ${said.join('')}`);
    return child;
  }
}
