// A datagram on the wire: the headers of Ethernet (two addresses of 6 bytes, 2 of type), IPv4 and UDP before its payload.
const ADDRESS_BYTES = 6;
const ETHERNET_BYTES = 2 * ADDRESS_BYTES + 2;
const IPV4_BYTES = 20;
const UDP_BYTES = 8;

/** What a rate counts, and what can be corrupted, besides the payload of a datagram. */
export const HEADER_BYTES = ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES;

/**
 * Whether a datagram reaches its receiver, and as it was sent, though one bit of this byte of its frame was flipped. Only
 * the address that it comes from is checked by nobody. With another destination or type it is nobody's; IPv4 has a
 * checksum of its header, and that of UDP covers its own and the payload.
 *
 * Left out is the bit that makes a destination a group: a Linux that is wired to the sender directly takes such a frame,
 * one behind a switch or a network card mostly does not.
 *
 * @param byte counted from the first of the Ethernet header
 */
export function survivesFlip(byte: number): boolean {
  return byte >= ADDRESS_BYTES && byte < 2 * ADDRESS_BYTES;
}
