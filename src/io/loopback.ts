/**
 * Whether only this machine reaches an address; a name that is not `localhost` may be anywhere.
 * @param host of a URL, or an address; IPv6 with or without its brackets
 */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host);
}
