const NEWLINE = 0x0a;
const FIRST_CAPACITY_BYTES = 4096;

/** `too-long` stands where a line above the limit was; its bytes up to the newline are skipped. */
export type LineEvent = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'too-long' };

export interface LineDecoder {
  /** The lines that end in `chunk`, without their newline. Wherever a stream is cut into chunks, the events are the same. */
  push(chunk: Uint8Array): LineEvent[];
}

/**
 * Cuts a byte stream into lines of UTF-8 (what is not UTF-8 becomes U+FFFD). Holds at most `maxLineBytes` however the
 * bytes come, one at a time or without a newline for ever. An unfinished last line is never given.
 */
export function createLineDecoder(options: { readonly maxLineBytes: number }): LineDecoder {
  const { maxLineBytes } = options;
  let held: Buffer = Buffer.alloc(0);
  let heldBytes = 0;
  let isSkipping = false;

  /** Copies, so that a tiny piece does not keep its whole chunk alive. */
  function hold(piece: Buffer): void {
    const neededBytes = heldBytes + piece.length;
    if (neededBytes > held.length) {
      const capacity = Math.min(maxLineBytes, Math.max(FIRST_CAPACITY_BYTES, 2 * neededBytes));
      const larger = Buffer.allocUnsafeSlow(capacity);
      held.copy(larger, 0, 0, heldBytes);
      held = larger;
    }
    piece.copy(held, heldBytes);
    heldBytes = neededBytes;
  }

  function release(): void {
    held = Buffer.alloc(0);
    heldBytes = 0;
  }

  function endLine(lastPiece: Buffer): LineEvent {
    if (heldBytes === 0) return { kind: 'line', text: lastPiece.toString('utf8') };
    hold(lastPiece);
    const text = held.toString('utf8', 0, heldBytes);
    release();
    return { kind: 'line', text };
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const events: LineEvent[] = [];
      for (let start = 0; start < bytes.length;) {
        const newline = bytes.indexOf(NEWLINE, start);
        const piece = bytes.subarray(start, newline === -1 ? bytes.length : newline);
        if (!isSkipping && heldBytes + piece.length > maxLineBytes) {
          events.push({ kind: 'too-long' });
          release();
          isSkipping = true;
        }
        if (newline === -1) {
          if (!isSkipping) hold(piece);
          break;
        }
        if (!isSkipping) events.push(endLine(piece));
        isSkipping = false;
        start = newline + 1;
      }
      return events;
    },
  };
}
