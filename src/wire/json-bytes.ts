import { isUtf8 } from 'node:buffer';
import { parseJson } from './json-text.ts';

/** Like `parseJson`, of bytes, which must be UTF-8. Apart from it, so that a browser need not know Node's buffers. */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) return undefined;
  return parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}
