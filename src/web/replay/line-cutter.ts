/** Cuts text that comes in pieces into lines, without their newlines; a line longer than it may be is given as null. */
export class LineCutter {
  readonly #mostCharacters: number;
  #held = '';
  #isSkipping = false;

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters;
  }

  /** The lines that end in this piece. */
  push(text: string): (string | null)[] {
    const lines: (string | null)[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      lines.push(this.#endLine(text.slice(start, end)));
      start = end + 1;
    }
    this.#hold(text.slice(start));
    return lines;
  }

  /** What came after the last newline; empty when nothing did. */
  end(): (string | null)[] {
    const isLine = this.#isSkipping || this.#held !== '';
    return isLine ? [this.#endLine('')] : [];
  }

  #endLine(last: string): string | null {
    this.#hold(last);
    const line = this.#isSkipping ? null : this.#held;
    this.#held = '';
    this.#isSkipping = false;
    return line;
  }

  #hold(piece: string): void {
    if (this.#isSkipping) return;
    if (this.#held.length + piece.length <= this.#mostCharacters) this.#held += piece;
    else {
      this.#held = '';
      this.#isSkipping = true;
    }
  }
}
