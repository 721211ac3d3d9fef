const scratch = new DataView(new ArrayBuffer(8));

/**
 * A place in a ring of bytes, at which numbers are written or taken: whole ones in seven bits a byte, lowest first, signed
 * ones in zigzag. Allocates nothing.
 */
export class ByteCursor {
  /** Bytes gone by since the beginning. */
  position = 0;
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Goes to where another cursor of the same ring is. */
  moveTo(other: ByteCursor): void {
    this.position = other.position;
    this.#at = other.#at;
  }

  protected advance(count: number): void {
    this.position += count;
    this.#at += count;
    if (this.#at >= this.#bytes.length) this.#at -= this.#bytes.length;
  }

  protected putByte(byte: number): void {
    this.#bytes[this.#at] = byte;
    this.advance(1);
  }

  protected takeByte(): number {
    const byte = this.#bytes[this.#at] ?? 0;
    this.advance(1);
    return byte;
  }

  /** A whole number below 2⁵³. */
  protected putNumber(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.putByte((left % 128) + 128);
    this.putByte(left);
  }

  protected takeNumber(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.takeByte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  }

  /** A whole number between −2⁵² and 2⁵². */
  protected putSigned(value: number): void {
    this.putNumber(value < 0 ? -2 * value - 1 : 2 * value);
  }

  protected takeSigned(): number {
    const value = this.takeNumber();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  protected putFloat64(value: number): void {
    scratch.setFloat64(0, value);
    for (let i = 0; i < 8; i++) this.putByte(scratch.getUint8(i));
  }

  protected takeFloat64(): number {
    for (let i = 0; i < 8; i++) scratch.setUint8(i, this.takeByte());
    return scratch.getFloat64(0);
  }

  protected putFloat32(value: number): void {
    scratch.setFloat32(0, value);
    for (let i = 0; i < 4; i++) this.putByte(scratch.getUint8(i));
  }

  protected takeFloat32(): number {
    for (let i = 0; i < 4; i++) scratch.setUint8(i, this.takeByte());
    return scratch.getFloat32(0);
  }
}
