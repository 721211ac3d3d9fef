/**
 * Reads the body of an answer to `fetch`.
 * @returns null when it is longer than `maxBytes`, of which no more than that was held
 * @throws what `fetch` throws when the connection breaks or its signal is aborted
 */
export async function readResponseBody(response: Response, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
