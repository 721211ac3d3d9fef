/** `Rack 2, server 5 (db-17)`. */
export function serverWords(rackId: number, serverId: number, name: string | null): string {
  return `Rack ${rackId}, server ${serverId}${name === null ? '' : ` (${name})`}`;
}
