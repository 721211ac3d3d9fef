import { existsSync, readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { isLoopback } from '../../io/loopback.ts';
import { ChaosError } from '../target.ts';

/** How to reach the daemon, as Docker's own variables say it. */
export interface DockerConnection {
  /** DOCKER_HOST: `unix:///run/docker.sock`, `tcp://host:2375`; undefined or empty: the socket of this machine. */
  readonly dockerHost?: string | undefined;
  /** DOCKER_TLS_VERIFY: anything but nothing turns TLS on. */
  readonly tlsVerify?: string | undefined;
  /** DOCKER_CERT_PATH: a folder with ca.pem, cert.pem and key.pem; undefined: `~/.docker`. */
  readonly certPath?: string | undefined;
}

export interface ConnectedDocker {
  readonly docker: Docker;
  /** Where the daemon is, for people. */
  readonly place: string;
  /** The machine of the daemon, where that is not this one. */
  readonly remoteHost: string | null;
  close(): void;
}

const SYSTEM_SOCKET = '/var/run/docker.sock';
const WINDOWS_PIPE = '//./pipe/docker_engine';

/**
 * Makes a client; asks nothing yet. Each request has a connection of its own, so that none is stale after the daemon was
 * started anew and none keeps a process alive.
 * @throws ChaosError for a place that is none, or certificates that cannot be read
 */
export function connectDocker(connection: DockerConnection): ConnectedDocker {
  const dockerHost = connection.dockerHost || defaultHost();
  const place = parsePlace(dockerHost);
  const isTls = place.kind === 'tcp' && (place.isTls || Boolean(connection.tlsVerify));
  const agent = isTls ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const remoteHost = place.kind === 'tcp' && !isLoopback(place.host) ? place.host : null;
  // Both ways are named each time: what is left out, the client takes from the environment by itself.
  const options =
    place.kind === 'socket'
      ? { agent, socketPath: place.path, host: undefined, protocol: 'http' as const }
      : {
          agent,
          socketPath: undefined,
          host: place.host,
          port: place.port ?? (isTls ? 2376 : 2375),
          protocol: isTls ? ('https' as const) : ('http' as const),
          ...(isTls ? readCertificates(connection.certPath ?? join(homedir(), '.docker')) : {}),
        };
  try {
    return { docker: new Docker(options), place: dockerHost, remoteHost, close: () => agent.destroy() };
  } catch (error) {
    // The client reads DOCKER_HOST even when it is told everything.
    throw new ChaosError(`cannot connect to Docker: ${String(error)}`, { cause: error });
  }
}

type Place =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number | null; readonly isTls: boolean };

function parsePlace(dockerHost: string): Place {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(dockerHost) ?? [];
  if ((scheme === 'unix' || scheme === 'npipe') && rest !== '') return { kind: 'socket', path: rest };
  if (['tcp', 'http', 'https'].includes(scheme) && URL.canParse(`http://${rest}`)) {
    const { hostname, port } = new URL(`http://${rest}`);
    return { kind: 'tcp', host: hostname, port: port === '' ? null : Number(port), isTls: scheme === 'https' };
  }
  const advice =
    scheme === 'ssh'
      ? ' Forward the socket with ssh -L /tmp/docker.sock:/var/run/docker.sock HOST, and give unix:///tmp/docker.sock.'
      : '';
  throw new ChaosError(
    `DOCKER_HOST is "${dockerHost}", allowed is unix://PATH, npipe://PATH, tcp://HOST:PORT or https://HOST:PORT.${advice}`,
  );
}

/** Docker Desktop has its socket in the user's own folder. */
function defaultHost(): string {
  if (process.platform === 'win32') return `npipe://${WINDOWS_PIPE}`;
  const own = join(homedir(), '.docker', 'run', 'docker.sock');
  return `unix://${existsSync(own) ? own : SYSTEM_SOCKET}`;
}

function readCertificates(directory: string): { ca: Buffer; cert: Buffer; key: Buffer } {
  const read = (name: string): Buffer => {
    const path = join(directory, name);
    try {
      return readFileSync(path);
    } catch (error) {
      throw new ChaosError(
        `Docker is reached with TLS, but ${path} cannot be read: set DOCKER_CERT_PATH to its folder`,
        {
          cause: error,
        },
      );
    }
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}
