/** A TCP port of a container that its host hands on. */
export interface PublishedPort {
  readonly containerPort: number;
  /** `0.0.0.0` or `::` for every address of the host. */
  readonly hostAddress: string;
  readonly hostPort: number;
}

/** As a list of containers has them. */
interface ListedPort {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

/** The ports that are published, from a list of containers; those that are only open inside are left out. */
export function readPorts(listed: readonly ListedPort[] | null): readonly PublishedPort[] {
  return (listed ?? []).flatMap(({ IP: hostAddress, PrivatePort: containerPort, PublicPort: hostPort, Type: type }) =>
    type === 'tcp' && hostPort !== undefined ? { containerPort, hostAddress: hostAddress ?? '', hostPort } : [],
  );
}
