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
/** Of the datacenter's API, in its container and on the host. */
export const API_PORT = 8080;
/** Of Prometheus on the host, where 9090 is often taken. */
export const PROMETHEUS_HOST_PORT = 9095;
/** Of Grafana, in its container and on the host. */
export const GRAFANA_PORT = 3000;

/** How a port of a container is published: to this machine alone. */
export function onLoopback(hostPort: number, containerPort: number): string {
  return `127.0.0.1:${hostPort}:${containerPort}`;
}
