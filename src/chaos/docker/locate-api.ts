import { isLoopback } from '../../io/loopback.ts';
import type { ContainerSummary } from './container-info.ts';
import type { PublishedPort } from './published-ports.ts';

/** Where the API of a datacenter in a container is. */
export interface LocatedApi {
  /** Null: not known. */
  readonly apiUrl: string | null;
  /** Why the container's token may not be sent there, and what to do; null: it may. */
  readonly problem: string | null;
}

export interface LocateApiOptions {
  /** For whoever said so; null: at the port that the container publishes. */
  readonly url: string | null;
  /** The machine of the daemon; null: this one. */
  readonly remoteHost: string | null;
}

/** Where it listens in its container. */
const API_PORT = 8080;

/**
 * Finds out where the API is, and whether the container's token may be sent there: on this machine, to loopback (which is
 * also where a port of another machine is forwarded to) or to where the container publishes its port. Anywhere else
 * somebody else might listen, or on the way there.
 */
export function locateApi(container: ContainerSummary, { url, remoteHost }: LocateApiOptions): LocatedApi {
  const published = locatePublished(container, remoteHost);
  if (url === null) return published;
  const given = URL.parse(url);
  const isPublished = published.problem === null && originOf(published.apiUrl) === originOf(url);
  if (given !== null && (isLoopback(given.hostname) || isPublished)) return { apiUrl: url, problem: null };
  return {
    apiUrl: url,
    problem:
      `the token of the container ${container.name} is not sent to ${url}, which is neither on loopback nor where that ` +
      `container publishes its port ${API_PORT} on this machine: give --control-token-file`,
  };
}

function originOf(url: string | null): string | null {
  return url === null ? null : (URL.parse(url)?.origin ?? null);
}

function locatePublished({ name, ports }: ContainerSummary, remoteHost: string | null): LocatedApi {
  const published = ports.filter(({ containerPort }) => containerPort === API_PORT);
  // Docker names a port twice that is open for IPv4 and IPv6.
  const port = published.find(({ hostAddress }) => !hostAddress.includes(':')) ?? published[0];
  if (port === undefined) {
    const problem = `the container ${name} does not publish its port ${API_PORT}: publish it, or give --url`;
    return { apiUrl: null, problem };
  }
  if (remoteHost === null) return { apiUrl: urlOf(port, '127.0.0.1', '[::1]'), problem: null };
  const forward = `forward it (ssh -L ${API_PORT}:${hostText(port, '127.0.0.1', '[::1]')}:${port.hostPort} ${remoteHost})`;
  if (isLoopback(port.hostAddress)) {
    const where = `on ${port.hostAddress} of ${remoteHost} only`;
    return {
      apiUrl: null,
      problem: `the container ${name} publishes its port ${API_PORT} ${where}: ${forward}, and give --url`,
    };
  }
  return {
    // Its health is for everybody.
    apiUrl: urlOf(port, remoteHost, remoteHost),
    problem:
      `the token of the container ${name} is not sent to ${remoteHost}, since it would go there unencrypted: ` +
      `${forward}, and give --url; or give --url and --control-token-file`,
  };
}

function urlOf(port: PublishedPort, anyIpv4: string, anyIpv6: string): string {
  return `http://${hostText(port, anyIpv4, anyIpv6)}:${port.hostPort}`;
}

/** As it stands in a URL; one of the two for a port that is published on every address. */
function hostText({ hostAddress }: PublishedPort, anyIpv4: string, anyIpv6: string): string {
  if (['', '0.0.0.0'].includes(hostAddress)) return anyIpv4;
  if (hostAddress === '::') return anyIpv6;
  return hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress;
}
