/** Names of services, which are host names in the lab's network too. */
export const DATACENTER = 'datacenter';
export const PROMETHEUS = 'prometheus';

export function rackName(rackId: number): string {
  return `rack-${rackId}`;
}

/** As `netwatch` names a server that was not given another name. */
export function serverName(rackId: number, serverId: number): string {
  return `server-${rackId}-${serverId}`;
}

/** 0 to count − 1. */
export function ids(count: number): readonly number[] {
  return [...Array(count).keys()];
}

/** Port of /metrics, /healthz and /readyz in every role. */
export const METRICS_PORT = 8000;
/** Of Prometheus, in its container. */
export const PROMETHEUS_PORT = 9090;
