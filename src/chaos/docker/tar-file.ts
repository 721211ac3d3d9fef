const BLOCK_BYTES = 512;
/** Entries before the file that only describe it; Docker sends none for a plain file. */
const MAX_DESCRIPTIONS = 4;
/** The sum of a block of zeros, which is the end of a tar: the 8 bytes of the sum itself are taken as blanks. */
const BLANK_SUM = 8 * 0x20;
/** What else a tar may hold, by its type flag. */
const KINDS: Readonly<Record<string, string>> = {
  1: 'a link',
  2: 'a symbolic link',
  3: 'a device',
  4: 'a device',
  5: 'a folder',
  6: 'a pipe',
};

/** The bytes of a tar that a file of at most so many bytes needs. */
export function tarBytes(maxFileBytes: number): number {
  return BLOCK_BYTES * (1 + 2 * MAX_DESCRIPTIONS) + inBlocks(maxFileBytes);
}

/**
 * The content of the one file in a tar (POSIX ustar, as Docker sends a file of a container), or of the beginning of a tar
 * whose first file it is. Reads nothing else: no folder, link or device.
 * @param maxBytes of the file
 * @throws Error that completes "it cannot be read: …"
 */
export function readTarFile(tar: Uint8Array, maxBytes: number): Uint8Array {
  let at = 0;
  for (let described = 0; described <= MAX_DESCRIPTIONS; described++) {
    const { type, size } = readHeader(tar.subarray(at, at + BLOCK_BYTES));
    const content = at + BLOCK_BYTES;
    if (type === '0' || type === '\0') {
      if (size > maxBytes) throw new Error(`it has ${size} bytes, at most ${maxBytes} are allowed`);
      if (content + size > tar.length) throw new Error('Docker sent less than the whole file');
      return tar.subarray(content, content + size);
    }
    if (type !== 'x' && type !== 'g') throw new Error(`it is ${KINDS[type] ?? 'something else'}, not a file`);
    at = content + inBlocks(size);
  }
  throw new Error('Docker sent too much before the file');
}

/** Type flag at 156, size in octal digits at 124, the sum of all bytes of the header at 148, taken with blanks there. */
function readHeader(block: Uint8Array): { type: string; size: number } {
  if (block.length < BLOCK_BYTES) throw new Error('Docker sent less than a tar');
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum === BLANK_SUM) throw new Error('Docker sent a tar without a file');
  if (octal(block.subarray(148, 156)) !== sum) throw new Error('Docker sent no tar, or a damaged one');
  const size = octal(block.subarray(124, 136));
  if (size === null) throw new Error('its size is not known');
  return { type: String.fromCharCode(block[156] ?? 0), size };
}

/** Null for what is no octal number; a size of 8 GiB or more is stored in base 256. */
function octal(field: Uint8Array): number | null {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(Buffer.from(field).toString('latin1'))?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 8);
}

function inBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
