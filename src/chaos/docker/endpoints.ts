/** The ends of networks that a container has: none when it does not run or has joined no network, another one each time that it joins. */
export function readEndpoints(networks: Readonly<Record<string, { readonly EndpointID: string }>>): readonly string[] {
  return Object.values(networks).flatMap(({ EndpointID }) => (EndpointID === '' ? [] : EndpointID));
}

/** As it is in the label: long enough to be the only one. */
export function shortEndpoint(endpointId: string): string {
  return endpointId.slice(0, 12);
}
