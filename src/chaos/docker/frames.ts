import { createLineDecoder, type LineDecoder } from '../../wire/line-decoder.ts';

const HEADER_BYTES = 8;
const MAX_LINE_BYTES = 16 * 1024;

/**
 * The lines in what a container wrote, as Docker sends it: frames of a header (stream, three zeros, length in network
 * byte order) and bytes of standard output or standard error. Wherever it is cut, the lines are the same.
 */
export function createFrameDecoder(): { push(chunk: Uint8Array): string[] } {
  const decoders = new Map<number, LineDecoder>();
  const header = new Uint8Array(HEADER_BYTES);
  let headerBytes = 0;
  let payloadBytes = 0;

  function takeHeader(byte: number): void {
    header[headerBytes] = byte;
    headerBytes += 1;
    if (headerBytes === HEADER_BYTES) payloadBytes = new DataView(header.buffer).getUint32(4);
  }

  function linesOf(payload: Uint8Array): string[] {
    const [stream = 0] = header;
    const decoder = decoders.get(stream) ?? createLineDecoder({ maxLineBytes: MAX_LINE_BYTES });
    decoders.set(stream, decoder);
    return decoder.push(payload).flatMap((event) => (event.kind === 'line' ? [event.text] : []));
  }

  return {
    push(chunk) {
      const lines: string[] = [];
      for (let at = 0; at < chunk.length;) {
        if (headerBytes < HEADER_BYTES) {
          takeHeader(chunk[at] ?? 0);
          at += 1;
        } else {
          const payload = chunk.subarray(at, at + payloadBytes);
          lines.push(...linesOf(payload));
          at += payload.length;
          payloadBytes -= payload.length;
        }
        if (headerBytes === HEADER_BYTES && payloadBytes === 0) headerBytes = 0;
      }
      return lines;
    },
  };
}
