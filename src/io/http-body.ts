import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request.
 * @returns null when it is longer than `maxBytes`, of which no more than that is held, or when the client breaks off
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once('end', () => resolve(length <= maxBytes ? Buffer.concat(chunks) : null));
    request.once('error', () => resolve(null));
    request.once('close', () => resolve(null));
  });
}
